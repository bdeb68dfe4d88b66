/**
 * The same look for all who ask while another is under way: it begins when that one has ended, so what each gets is from after its
 * question. Each gets what the look raises.
 */
export function oneLookForAll<Seen>(look: () => Promise<Seen>): () => Promise<Seen> {
  let current: Promise<Seen> | undefined;
  let next: Promise<Seen> | undefined;

  function begin(): Promise<Seen> {
    const looking = look();
    current = looking;
    const ended = (): void => {
      if (current === looking) current = undefined;
    };
    looking.then(ended, ended);
    return looking;
  }

  return () => {
    if (!current) return begin();
    const afterCurrent = (): Promise<Seen> => {
      next = undefined;
      return current ?? begin();
    };
    next ??= current.then(afterCurrent, afterCurrent);
    return next;
  };
}
