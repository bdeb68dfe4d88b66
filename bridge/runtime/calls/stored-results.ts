import { z } from "zod";
import type { Ask } from "../../../shared/ask";
import type { InstanceView } from "../../../shared/instance";
import type { SubmitResult } from "../../../shared/protocol";
import type { DropResult, GcReport, MergeResult } from "../../../shared/result";
import type { TaskView } from "../../../shared/task";

// Answers that were kept with their command, for a repeated request. They were ours when stored: their outline is checked,
// and the client that gets them reads the rest.

const taskView = z.custom<TaskView>((value) => z.looseObject({ id: z.string(), state: z.string() }).safeParse(value).success);
const instanceView = z.custom<InstanceView>((value) => z.looseObject({ id: z.string(), state: z.string() }).safeParse(value).success);

const mergeResult = z.custom<MergeResult>((value) => z.looseObject({ taskId: z.string(), how: z.string() }).safeParse(value).success);
const dropResult = z.custom<DropResult>((value) => z.looseObject({ taskId: z.string(), commit: z.string() }).safeParse(value).success);
const gcReport = z.custom<GcReport>(
  (value) => z.looseObject({ removed: z.array(z.unknown()), kept: z.array(z.unknown()) }).safeParse(value).success,
);

const submitResult: z.ZodType<SubmitResult> = z.object({ task: taskView, notices: z.array(z.string()) });
const taskResult = z.object({ task: taskView });
const askResult = z.object({ ask: z.custom<Ask>((value) => z.looseObject({ id: z.string() }).safeParse(value).success) });
const instancesResult = z.object({ instances: z.array(instanceView) });

export const parseSubmitResult = (value: unknown): SubmitResult => submitResult.parse(value);
export const parseTaskResult = (value: unknown) => taskResult.parse(value);
export const parseInstancesResult = (value: unknown) => instancesResult.parse(value);
export const parseMergeResult = (value: unknown) => z.object({ merge: mergeResult }).parse(value);
export const parseDropResult = (value: unknown) => z.object({ drop: dropResult }).parse(value);
export const parseGcReport = (value: unknown): GcReport => gcReport.parse(value);
export const parseAskResult = (value: unknown) => askResult.parse(value);
