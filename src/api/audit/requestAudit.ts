/** What is known, while a request runs, of what the log is to say of it. */
export interface RequestAudit {
  readonly id: string;
  readonly operation: string;
  isBegun: boolean;
  /** Another tenant whose log tells of it too. */
  alsoIn: string | undefined;
}
