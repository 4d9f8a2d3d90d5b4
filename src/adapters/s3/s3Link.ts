import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { ArtifactReference } from '../../contracts/artifacts.ts';
import type { ArtifactLink, LinkOptions } from '../../ports/artifactStore.ts';
import type { S3Access } from './s3Access.ts';
import { artifactNotFound } from './s3Keys.ts';
import { describeObject } from './s3Read.ts';

/**
 * An address by which anybody can read one artifact for a while, signed by the keys of the service (SigV4). Method, key, time, file name and media
 * type are part of what is signed. Small artifacts of several documents are packed into one object: of such a one the range is signed as well, and
 * has to be sent as a header, so that the address never opens what stands beside it.
 */
export async function linkToArtifact(access: S3Access, signer: S3Client, key: string, reference: ArtifactReference, options: LinkOptions): Promise<ArtifactLink> {
  const { offset, length } = reference;
  const { bytes } = await describeObject(access, key);
  const isWhole = offset === 0 && length === bytes;
  // No range can be empty: an address without one would open the whole object.
  if (length === 0 && !isWhole) throw artifactNotFound(reference.uri);
  const range = isWhole ? undefined : `bytes=${offset}-${offset + length - 1}`;
  const command = new GetObjectCommand({
    Bucket: access.settings.bucket,
    Key: key,
    ResponseContentDisposition: `attachment; filename="${options.fileName}"`,
    ResponseContentType: options.mediaType,
    ResponseCacheControl: 'no-store',
    ...(range === undefined ? {} : { Range: range }),
  });
  const url = await getSignedUrl(signer, command, { expiresIn: options.seconds });
  return { url, headers: range === undefined ? {} : { Range: range } };
}
