/** Requests of one holder in one window. */
export interface RateCountsTable {
  key: string;
  window: string;
  points: string;
}
