import { forbidden } from '../shared/targetUrl.ts';

/** Refuses names that never name anything public: a self-hosted server resolves them in its own network. Throws URL_FORBIDDEN. */
export function requirePublicName(url: URL): void {
  if (/(^|\.)(localhost|local|internal|home\.arpa)\.?$/i.test(url.hostname)) throw forbidden(url.href, 'is not on the public internet');
}
