import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import type { Config } from '../../config/config.ts';
import type { PayloadCrypt } from '../../ports/payloadCrypt.ts';
import type { PrincipalSignatures } from '../../ports/principalSignatures.ts';
import { createPayloadCipher } from './encryption/payloadCipher.ts';
import { createPayloadCodec, createPayloadCrypt } from './encryption/payloadCodec.ts';
import { createTextSeal } from './encryption/textSeal.ts';
import { createPrincipalSignatures } from './principals/principalSignatures.ts';

/** What every process that talks to Temporal has to share with the others. */
export interface TemporalSecurity {
  readonly signatures: PrincipalSignatures;
  readonly dataConverter: DataConverter;
  readonly payloadCrypt: PayloadCrypt;
}

/** Workflows load it as well, into their bundle. */
const failureConverterPath = fileURLToPath(new URL('./encryption/failureConverter.ts', import.meta.url));

export function createTemporalSecurity({ principals, payloads }: Pick<Config, 'principals' | 'payloads'>): TemporalSecurity {
  const cipher = payloads.keys.length === 0 ? undefined : createPayloadCipher(payloads.keys);
  const codec = { cipher, encrypts: payloads.encrypt };
  return {
    signatures: createPrincipalSignatures(principals.keys, createTextSeal(cipher, { seals: payloads.encrypt })),
    dataConverter: { payloadCodecs: [createPayloadCodec(codec)], ...(payloads.encrypt ? { failureConverterPath } : {}) },
    payloadCrypt: createPayloadCrypt(codec),
  };
}
