import { platform, unknownKey } from './payloadCipher.ts';
import type { TenantCipher } from '../../shared/tenantCipher.ts';

/** Hides a short text, such as a header, which the SDK does not send through codecs. */
export interface TextSeal {
  /** As it is where encryption is off. */
  readonly seal: (tenant: string | undefined, text: string) => string;
  /** Whether it is sealed, or not, as texts are now. */
  readonly isCurrent: (text: string) => boolean;
  /** Texts that are not sealed come back as they are. Throws PAYLOAD_UNREADABLE, PAYLOAD_KEY_UNKNOWN. */
  readonly open: (text: string) => string;
}

const mark = 'sealed';

/** Without a cipher nothing is hidden, and nothing hidden can be read. */
export function createTextSeal(cipher: TenantCipher | undefined, { seals }: { readonly seals: boolean }): TextSeal {
  return {
    seal(tenant = platform, text) {
      if (cipher === undefined || !seals) return text;
      const { keyId, bytes } = cipher.seal(tenant, Buffer.from(text));
      return [mark, keyId, tenant, Buffer.from(bytes).toString('base64url')].join('.');
    },
    isCurrent(text) {
      const [start, keyId] = text.split('.');
      if (cipher === undefined || !seals) return start !== mark;
      return start === mark && keyId === cipher.currentKeyId;
    },
    open(text) {
      const [start, keyId = '', tenant = '', body = ''] = text.split('.');
      if (start !== mark) return text;
      if (cipher === undefined) throw unknownKey(keyId);
      return Buffer.from(cipher.open(tenant, { keyId, bytes: Buffer.from(body, 'base64url') })).toString();
    },
  };
}
