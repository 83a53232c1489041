/** JSON of the native API as the pages use it. Times are ISO 8601, sizes are bytes. */

export interface Page<Item> {
  items: Item[];
  nextCursor?: string | null;
  total?: number | null;
}

export type Role = 'member' | 'moderator' | 'administrator';
export type Registration = 'open' | 'invite' | 'closed';

export interface Account {
  id: number;
  username: string;
  email: string;
  role: Role;
  displayName?: string;
  bio?: string;
  createdAt: string;
  storageUsed?: number;
  storageLimit?: number | null;
}

export interface Viewer {
  user: Account | null;
  registration: Registration;
  mail: boolean;
  tls: boolean;
  setupNeeded: boolean;
  demo: boolean;
  siteName?: string;
}

export interface Person {
  id: number;
  username: string;
  displayName?: string;
}

export interface Profile extends Person {
  bio?: string;
  role: Role;
  createdAt: string;
  modelCount: number;
  downloadCount: number;
}

export interface Session {
  id: string;
  current: boolean;
  address: string;
  agent: string;
  createdAt: string;
  lastUsedAt: string;
}

export interface Key {
  id: number;
  name: string;
  prefix: string;
  scopes: string[];
  createdAt: string;
  lastUsedAt?: string | null;
  expiresAt?: string | null;
}

export type ModelStatus =
  'Draft' | 'Scheduled' | 'Published' | 'Unpublished' | 'Archived' | 'Deleted';

export type CommercialUse = 'Image' | 'RentCivit' | 'Rent' | 'Sell';

export interface Licence {
  allowNoCredit: boolean;
  allowCommercialUse: CommercialUse[];
  allowDerivatives: boolean;
  allowDifferentLicense: boolean;
}

export interface ModelSummary {
  id: number;
  name: string;
  type: string;
  status: ModelStatus;
  archived?: boolean;
  baseModel?: string | null;
  creator: Person;
  tags: string[];
  downloadCount: number;
  versionCount: number;
  nsfwLevel: number;
  publishedAt?: string | null;
  scheduledFor?: string | null;
  updatedAt: string;
  sizeBytes?: number | null;
  format?: string | null;
  verdict?: Verdict | null;
  seed?: string | null;
  demo?: boolean;
}

export type Verdict = 'pending' | 'safe' | 'suspicious' | 'dangerous' | 'unknown';

export interface Evidence {
  type?: string | null;
  baseModel?: string | null;
  confidence: number;
  evidence: string[];
  conflicts: string[];
}

export interface Inspection {
  state: 'pending' | 'running' | 'done' | 'failed';
  verdict: Verdict;
  reasons: string[];
  format?: string | null;
  tensorCount?: number | null;
  parameterCount?: number | null;
  precision?: string | null;
  detected?: Evidence | null;
  metadata?: Record<string, string>;
}

export interface Hashes {
  sha256?: string | null;
  autoV1?: string | null;
  autoV2?: string | null;
  autoV3?: string | null;
  blake3?: string | null;
  crc32?: string | null;
}

export interface ModelFile {
  id: number;
  name: string;
  type: string;
  sizeBytes: number;
  primary?: boolean;
  hashes: Hashes;
  inspection: Inspection;
  createdAt: string;
}

export interface Version {
  id: number;
  name: string;
  status: ModelStatus;
  baseModel: string;
  baseModelType?: string | null;
  trainedWords: string[];
  description: string;
  descriptionHtml: string;
  steps?: number | null;
  epochs?: number | null;
  clipSkip?: number | null;
  publishedAt?: string | null;
  scheduledFor?: string | null;
  createdAt: string;
  downloadCount: number;
  files: ModelFile[];
}

export interface Model extends ModelSummary, Licence {
  description: string;
  descriptionHtml: string;
  checkpointType?: 'Trained' | 'Merge' | null;
  versions: Version[];
  mayEdit: boolean;
}

export interface Tensor {
  name: string;
  dtype: string;
  shape: number[];
  bytes: number;
}

export interface TensorList {
  tensors: Tensor[];
  total: number;
}

export interface Enums {
  modelTypes: string[];
  baseModels: string[];
  fileTypes: string[];
  fileFormats: string[];
  checkpointTypes: string[];
  scopes: string[];
}

export interface Tag {
  name: string;
  modelCount: number;
}

export type JobState = 'pending' | 'processing' | 'completed' | 'failed' | 'cancelled';

export interface Job {
  id: number;
  kind: string;
  state: JobState;
  attempts: number;
  maxAttempts: number;
  progress?: number | null;
  detail?: string | null;
  error?: string | null;
  createdAt: string;
  startedAt?: string | null;
  finishedAt?: string | null;
  runAt?: string | null;
}

export interface JobSummary {
  states: Record<JobState, number>;
  kinds: { kind: string; pending: number; processing: number; failed: number }[];
  history: { at: string; completed: number; failed: number }[];
}

export interface Invite {
  id: number;
  code: string;
  role: Role;
  createdAt: string;
  expiresAt?: string | null;
  usedBy?: string | null;
}

export interface Import {
  id: number;
  path: string;
  state: 'scanning' | 'hashing' | 'done' | 'failed' | 'cancelled';
  scanned: number;
  added: number;
  skipped: number;
  hashed: number;
  failed: number;
  bytesDone: number;
  bytesTotal: number;
  startedAt: string;
  finishedAt?: string | null;
  error?: string | null;
}
