/** A job that was accepted and whose workflow is not known to have started. */
export interface PendingJob {
  readonly tenant: string;
  readonly subject: string;
  readonly jobId: string;
  readonly workflowId: string;
}

/** Starts the workflow of a job; starting it again is no error and starts nothing. Throws WORKFLOWS_UNAVAILABLE. */
export interface JobStarter {
  start(job: PendingJob): Promise<void>;
}
