import type { Generated } from 'kysely';

export interface WorkOutboxTable {
  id: string;
  kind: 'job' | 'deletion' | 'sweep' | 'labels' | 'consistency';
  tenant: string;
  subject: string;
  workflow_id: string;
  revision: Generated<string>;
  created_at: Generated<Date>;
}
