/** A message without what differs from document to document: names in quotes, addresses, identifiers, hosts and files, numbers. */
export const failurePattern = `CREATE FUNCTION failure_pattern(message text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(left(message, 500),
    '"[^"]*"|“[^”]*”|''[^'']*''|‘[^’]*’', '"…"', 'g'),
    '[A-Za-z][A-Za-z0-9+.-]*://[^\\s"“]*[^\\s"“.,;:)]', 'ADDRESS', 'g'),
    '\\m(sha256:)?[0-9a-fA-F]{8}[0-9a-fA-F-]*\\M', 'ID', 'g'),
    '\\m[\\w-]+(\\.[\\w-]+)*\\.[A-Za-z][A-Za-z0-9]{1,9}\\M', 'NAME', 'g'),
    '\\d+([.,:]\\d+)*', 'N', 'g')
$$`;
