/** What the pool hands a thread when it starts it. */
export interface OnnxThreadData {
  readonly modelDirectory: string;
  readonly tokenLimit: number;
  /** The thread runs at low priority. */
  readonly givesWay: boolean;
}

/** What is wanted of a text: its vector, that and the codes of its tokens, or the vectors of its tokens, as of a query. */
export type TextForm = 'vector' | 'vector and codes' | 'query tokens';

export interface EmbeddedText {
  /** The text's, or those of its tokens one after the other. */
  readonly vector: Float32Array;
  readonly tokenCodes?: Uint8Array;
}

/** One text to embed. The thread takes urgent ones before all others that wait with it. */
export interface EmbedTask {
  readonly kind: 'embed';
  readonly id: number;
  readonly text: string;
  readonly form: TextForm;
  readonly urgent: boolean;
}

/** The thread ends once the text in hand is done; those that wait with it stay unanswered. */
export interface CloseRequest {
  readonly kind: 'close';
}

/** `ready` comes once, when the model is loaded. Vectors are transferred, not copied. */
export type OnnxThreadMessage =
  | { readonly kind: 'ready' }
  | ({ readonly kind: 'vector'; readonly id: number; /** Of the thread, for this text. */ readonly processorSeconds: number } & EmbeddedText)
  | { readonly kind: 'failure'; readonly id: number; readonly message: string };

export type OnnxThreadRequest = EmbedTask | CloseRequest;
