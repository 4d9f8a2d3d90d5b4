interface LimitClocksTable {
  key: string;
  next_at: Date;
  paused_until: Date | null;
}

interface LimitSlotsTable {
  key: string;
  holder: string;
  expires_at: Date;
}

/** Requests of one holder in one window. */
interface RateCountsTable {
  key: string;
  window: string;
  points: string;
}

export interface LimitTables {
  limit_clocks: LimitClocksTable;
  limit_slots: LimitSlotsTable;
  rate_counts: RateCountsTable;
  day_counts: RateCountsTable;
}
