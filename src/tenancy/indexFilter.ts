/** The part of Qdrant's filter language that the product uses. */
export type IndexCondition =
  | { readonly key: string; readonly match: { readonly value: string | boolean } | { readonly prefix: string } | { readonly any: readonly string[] } | { readonly except: readonly string[] } }
  | { readonly key: string; readonly range: NumberRange | DateRange }
  | { readonly is_empty: { readonly key: string } }
  | { readonly has_id: readonly (string | number)[] }
  | NestedFilter;

/** A condition made of several. */
export interface NestedFilter {
  readonly must: readonly IndexCondition[];
  readonly must_not: readonly IndexCondition[];
}

export interface NumberRange {
  readonly gt?: number;
  readonly gte?: number;
  readonly lt?: number;
  readonly lte?: number;
}

/** RFC 3339 bounds, both included. */
export interface DateRange {
  readonly gte?: string;
  readonly lte?: string;
}

/** All of `must` hold, none of `must_not`, and at least one of `should` where it is given. */
export interface IndexFilter {
  readonly must: readonly IndexCondition[];
  readonly must_not: readonly IndexCondition[];
  readonly should?: readonly { readonly must: readonly IndexCondition[] }[];
}
