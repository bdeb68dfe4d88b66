import { z } from "zod";
import { defaultLogLimits, logFilesMax } from "../log-file";
import { count } from "./values";

export const logsSection = z
  .strictObject({
    bytesMax: count(64 * 1024, 1024 ** 3)
      .default(defaultLogLimits.bytesMax)
      .describe("Bytes of `bridge.log` before it is put aside as `bridge.log.1` and begun anew."),
    filesMax: count(0, logFilesMax).default(defaultLogLimits.filesMax).describe("How many such older files are kept."),
  })
  .prefault({});
