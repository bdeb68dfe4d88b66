import type { InstanceId, TaskId } from "../../shared/ids";
import { OctoError } from "../octo-error";
import type { AttachInfo, BridgeService } from "../runtime/service";
import { freshPaneState, selectedTask } from "./pane-state";
import { PaneWorld, type ScreenTarget } from "./pane-world";
import type { PaneAct } from "./press";
import { Screen, type ScreenView } from "./screen";

type Service = Pick<BridgeService, "subscribe" | "subscribeOutput" | "attach" | "calls">;

export interface ScreensOptions {
  readonly service: Service;
  readonly nowMs: () => number;
  /** A new id for each answer. */
  readonly requestId: () => string;
  /** What a person may read of a failure. */
  readonly sayError: (thrown: unknown) => string;
}

/** Screens that are remembered; those not shown for longest are forgotten first. */
const rememberedMax = 256;

/** The screens of all panes, each under the name that its client chose. */
export class Screens {
  readonly #options: ScreensOptions;
  readonly #screens = new Map<string, Screen>();

  constructor(options: ScreensOptions) {
    this.#options = options;
  }

  /** Shows a screen until the returned function is called, or until it is shown elsewhere. */
  show(name: string, view: ScreenView): () => void {
    const screen = this.#screens.get(name) ?? new Screen(this.#options.service, this.#options.nowMs);
    this.#remember(name, screen);
    screen.show(view);
    // A later `show` of the same name must not be ended by an earlier stream's end.
    const { sink } = view;
    return () => screen.hide(sink);
  }

  /** What the client of the screen has to do about a key. Answers to asks are given on the way; what comes of them is drawn. */
  press(name: string, bytes: string): "attach" | "quit" | undefined {
    const screen = this.#screens.get(name);
    const act = screen?.press(bytes);
    if (!screen || !act) return undefined;
    if (act.kind !== "answer") return act.kind;
    void this.#answer(screen, act);
    return undefined;
  }

  /** For the selected task of a screen; failures are drawn on it too. The errors of `BridgeService.attach`, DIRECTORY_UNSUITABLE. */
  async attach(name: string | undefined, target: ScreenTarget): Promise<AttachInfo> {
    const screen = name === undefined ? undefined : this.#screens.get(name);
    try {
      return checked(await this.#options.service.attach(screen?.selected() ?? this.#first(target)));
    } catch (thrown) {
      screen?.notice(this.#options.sayError(thrown));
      throw thrown;
    }
  }

  async #answer(screen: Screen, { askId, answer }: Extract<PaneAct, { readonly kind: "answer" }>): Promise<void> {
    try {
      await this.#options.service.calls.answer_ask({ askId, answer, surface: "pane" }, { requestId: this.#options.requestId() });
      screen.notice(answer.kind === "allow" ? (answer.scope === "once" ? "allowed once" : "allowed always") : sentOf(answer.kind));
    } catch (thrown) {
      screen.notice(this.#options.sayError(thrown));
    }
  }

  /** What a new screen would have its cursor on. */
  #first(target: ScreenTarget): InstanceId | TaskId {
    const { snapshot, unsubscribe } = this.#options.service.subscribe(() => undefined);
    unsubscribe();
    return selectedTask(new PaneWorld(snapshot).content(target), freshPaneState)?.id ?? target.id;
  }

  #remember(name: string, screen: Screen): void {
    this.#screens.delete(name);
    this.#screens.set(name, screen);
    for (const [each, { isShown }] of this.#screens) {
      if (this.#screens.size <= rememberedMax) break;
      if (!isShown && each !== name) this.#screens.delete(each);
    }
  }
}

/** Shell programs read the values, one a line. */
function checked(info: AttachInfo): AttachInfo {
  const broken = [...info.command, info.url, info.directory ?? "", info.sessionId ?? ""].find((value) => /[\r\n\0]/.test(value));
  if (broken !== undefined) throw new OctoError("DIRECTORY_UNSUITABLE", `${JSON.stringify(broken)} has a line break`);
  return info;
}

function sentOf(kind: "deny" | "answers"): string {
  return kind === "deny" ? "rejected" : "answered";
}
