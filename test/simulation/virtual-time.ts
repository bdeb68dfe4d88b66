interface Planned {
  readonly atMs: number;
  /** Of two with the same instant, the one planned first is first. */
  readonly order: number;
  call: (() => void) | undefined;
}

/** Time that passes only from one planned call to the next: a night costs as much as a millisecond. */
export class VirtualTime {
  nowMs = 0;
  steps = 0;
  readonly #heap: Planned[] = [];
  #orders = 0;

  /** Calls once after `delayMs`; the returned function cancels. */
  after(delayMs: number, call: () => void): () => void {
    this.#orders += 1;
    const planned: Planned = { atMs: this.nowMs + Math.max(0, Math.round(delayMs)), order: this.#orders, call };
    this.#push(planned);
    return () => {
      planned.call = undefined;
    };
  }

  /** Makes the next call; false when none is planned. */
  step(): boolean {
    for (let next = this.#pop(); next; next = this.#pop()) {
      const { call } = next;
      if (!call) continue;
      this.nowMs = Math.max(this.nowMs, next.atMs);
      this.steps += 1;
      call();
      return true;
    }
    return false;
  }

  #push(planned: Planned): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(planned);
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = heap[parentAt];
      if (!parent || isFirst(parent, planned)) break;
      heap[at] = parent;
      at = parentAt;
    }
    heap[at] = planned;
  }

  #pop(): Planned | undefined {
    const heap = this.#heap;
    const [top] = heap;
    const last = heap.pop();
    if (!top || !last || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
      const isRight = left !== undefined && right !== undefined && isFirst(right, left);
      const child = isRight ? right : left;
      if (!child || isFirst(last, child)) break;
      heap[at] = child;
      at = 2 * at + (isRight ? 2 : 1);
    }
    heap[at] = last;
    return top;
  }
}

function isFirst(a: Planned, b: Planned): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
