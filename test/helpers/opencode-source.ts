/** Where a world's OpenCode servers come from, and how often their model was asked. */
export interface OpenCodeSource {
  /** `opencode.command` of config.json. */
  readonly command: readonly string[];
  /** `opencode.env` of config.json. */
  readonly environment: Readonly<Record<string, string>>;
  /** Turns that reached the model under `[[task:MARK]]`, on all servers together. */
  turns(mark: string): Promise<number>;
  /** How long one turn may take. */
  readonly patienceMs: number;
  /** Ends what is beside the servers; may be called twice. */
  close(): Promise<void>;
}
