import { OctoError } from "../../octo-error";

/** Runs what it is given one after another. More than `waitingMax` that wait is a fault of the caller: WEZTERM_TIMEOUT. */
export function createCallQueue(waitingMax: number): <Result>(run: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return async (run) => {
    if (waiting >= waitingMax) throw new OctoError("WEZTERM_TIMEOUT", `${waiting} calls of wezterm cli are waiting already`);
    waiting += 1;
    const turn = last.then(run);
    last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      waiting -= 1;
    }
  };
}
