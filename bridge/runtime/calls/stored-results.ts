import { z } from "zod";
import type { InstanceView } from "../../../shared/instance";
import type { SubmitResult } from "../../../shared/protocol";
import type { TaskView } from "../../../shared/task";

// Answers that were kept with their command, for a repeated request. They were ours when stored: their outline is checked,
// and the client that gets them reads the rest.

const taskView = z.custom<TaskView>((value) => z.looseObject({ id: z.string(), state: z.string() }).safeParse(value).success);
const instanceView = z.custom<InstanceView>((value) => z.looseObject({ id: z.string(), state: z.string() }).safeParse(value).success);

const submitResult: z.ZodType<SubmitResult> = z.object({ task: taskView, notices: z.array(z.string()) });
const taskResult = z.object({ task: taskView });
const instancesResult = z.object({ instances: z.array(instanceView) });

export const parseSubmitResult = (value: unknown): SubmitResult => submitResult.parse(value);
export const parseTaskResult = (value: unknown) => taskResult.parse(value);
export const parseInstancesResult = (value: unknown) => instancesResult.parse(value);
