export interface S3Settings {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly forcePathStyle: boolean;
  /** Where callers reach the store, for links; without it the same. */
  readonly publicEndpoint?: string | undefined;
}
