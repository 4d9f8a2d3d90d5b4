/**
 * One round trip to enter, under locks on the keys that last as long as the statement. Answers the seconds to wait before beginning
 * (the place is taken then), or the key in the way and the seconds after which to ask again (null: nobody knows), and nothing is taken.
 * Starts are handed out one interval apart, so whoever is given one waits for it at his place, and none is lost or begun twice.
 */
export const rateLimits = [
  `CREATE TABLE limit_clocks (key text PRIMARY KEY, next_at timestamptz NOT NULL, paused_until timestamptz)`,
  `CREATE TABLE limit_slots (key text NOT NULL, holder uuid NOT NULL, expires_at timestamptz NOT NULL, PRIMARY KEY (key, holder))`,
  `CREATE INDEX limit_slots_by_holder ON limit_slots (holder)`,
  `CREATE FUNCTION enter_limits(new_holder uuid, limits jsonb, lease_seconds double precision, patience_seconds double precision,
    OUT blocked text, OUT wait_seconds double precision) LANGUAGE plpgsql AS $$
  DECLARE
    wanted record;
    moment timestamptz;
    start timestamptz;
  BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('limit:' || key, 0)) FROM (SELECT DISTINCT value->>'key' AS key FROM jsonb_array_elements(limits) ORDER BY 1) AS keys;
    moment := clock_timestamp();
    start := moment;
    FOR wanted IN SELECT value->>'key' AS key, (value->>'concurrency')::integer AS concurrency, (value->>'perMinute')::double precision AS per_minute FROM jsonb_array_elements(limits) LOOP
      IF wanted.concurrency IS NOT NULL AND (SELECT count(*) FROM limit_slots WHERE key = wanted.key AND expires_at > moment) >= wanted.concurrency THEN
        blocked := wanted.key;
      END IF;
      SELECT greatest(start, paused_until, CASE WHEN wanted.per_minute IS NOT NULL THEN next_at END) INTO start
        FROM (SELECT 1) AS always LEFT JOIN limit_clocks ON key = wanted.key;
      IF blocked IS NULL AND start > moment + make_interval(secs => patience_seconds) THEN
        blocked := wanted.key;
      END IF;
    END LOOP;
    wait_seconds := extract(epoch FROM start - moment);
    IF blocked IS NOT NULL THEN
      wait_seconds := nullif(wait_seconds, 0);
      RETURN;
    END IF;
    DELETE FROM limit_slots USING jsonb_array_elements(limits) AS entry WHERE key = entry.value->>'key' AND expires_at <= moment;
    INSERT INTO limit_slots (key, holder, expires_at)
      SELECT DISTINCT value->>'key', new_holder, start + make_interval(secs => lease_seconds) FROM jsonb_array_elements(limits) WHERE value->'concurrency' IS NOT NULL;
    INSERT INTO limit_clocks AS clock (key, next_at)
      SELECT value->>'key', start + make_interval(secs => max(60 / (value->>'perMinute')::double precision)) FROM jsonb_array_elements(limits) WHERE value->'perMinute' IS NOT NULL GROUP BY 1
      ON CONFLICT (key) DO UPDATE SET next_at = excluded.next_at;
  END $$`,
];
