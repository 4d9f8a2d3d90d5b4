/** How one service is run: everything a supervisor needs to know about it. */
export interface ServicePlan {
  /** Name of its log and process file. */
  readonly name: string;
  /** What a person calls it in a message. */
  readonly title: string;
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  /** The user and group to run as, where it may not be the present one. */
  readonly runAs?: { readonly userId: number; readonly groupId: number };
  /** Resolves when the service answers and rejects while it does not. Called again and again until `readyWithin`. */
  readonly probe: () => Promise<void>;
  readonly readyWithinMilliseconds: number;
  /** Asks the service to finish what it does and to end. */
  readonly stopSignal: NodeJS.Signals;
  readonly stopWithinMilliseconds: number;
  /** Runs before every start, also after a crash: removes what a killed predecessor left behind. */
  readonly beforeStart?: () => Promise<void>;
}
