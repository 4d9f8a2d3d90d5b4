import { createAddressFilter } from '../../shared/addressPatterns.ts';
import type { WebsiteDefinition } from './websiteDefinition.ts';

/** Which addresses belong to a website, and which of them are wanted. */
export interface SiteScope {
  /** On a host of the site, by http or https. */
  contains(address: string): boolean;
  /** By the patterns of the definition, and not the address of a picture, a style or the like. */
  isWanted(address: string): boolean;
}

/** Files that pages use or offer, and that hold no text to read. */
const otherFiles = new Set(
  ('jpg jpeg png gif webp avif svg ico bmp tif tiff heic css js mjs map json5 wasm woff woff2 ttf otf eot mp3 mp4 m4a m4v wav ogg oga ogv webm avi mov mkv flac aac ' +
    'zip gz tgz bz2 xz 7z rar tar exe msi dmg pkg deb rpm iso apk jar bin swf psd ai ics vcf torrent').split(' '),
);

/** `hosts` are those of the first page, and of where it redirects to: one more may join while the scope is in use. "www." makes no difference. */
export function createSiteScope(definition: WebsiteDefinition, hosts: ReadonlySet<string>): SiteScope {
  const fits = createAddressFilter(definition);
  return {
    contains(address) {
      const host = bareHost(new URL(address).host);
      return [...hosts].map(bareHost).some((site) => host === site || (definition.subdomains && host.endsWith(`.${site}`)));
    },
    isWanted: (address) => fits(address) && !otherFiles.has(extensionOf(address)),
  };
}

export function extensionOf(address: string): string {
  return /\.([a-z0-9]{1,8})$/i.exec(new URL(address).pathname)?.[1]?.toLowerCase() ?? '';
}

function bareHost(host: string): string {
  return host.replace(/^www\./, '');
}
