/** Something that the person is told. Texts are inert. */
export interface Notice {
  /** Of what happened. */
  readonly id: string;
  /** What happened; `more`: several things that were left out. */
  readonly on: string;
  readonly title: string;
  readonly text: string;
  readonly taskId?: string | undefined;
  readonly instanceId?: string | undefined;
}
