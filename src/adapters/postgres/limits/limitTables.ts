export interface LimitClocksTable {
  key: string;
  next_at: Date;
  paused_until: Date | null;
}

export interface LimitSlotsTable {
  key: string;
  holder: string;
  expires_at: Date;
}

/** Requests of one holder in one window. */
export interface RateCountsTable {
  key: string;
  window: string;
  points: string;
}
