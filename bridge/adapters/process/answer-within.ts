import { OctoError } from "../../octo-error";

/** Longest wait for the system's process table; a process in uninterruptible sleep can hold a reader of /proc for ever. */
export const tableDeadlineMs = 5_000;

/** The answer, or PROCESS_TABLE_UNREADABLE at the deadline; the late answer is dropped. */
export async function answerWithin<Answer>(deadlineMs: number, what: string, answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new OctoError("PROCESS_TABLE_UNREADABLE", `${what} did not answer within ${deadlineMs} ms`)),
      deadlineMs,
    );
  });
  try {
    return await Promise.race([answer, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
