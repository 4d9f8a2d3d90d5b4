import type { SourceDefinition } from '../../../contracts/sources.ts';

export type WebsiteDefinition = Extract<SourceDefinition, { readonly type: 'website' }>;
