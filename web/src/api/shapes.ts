/** JSON of the native API as the pages use it. Times are ISO 8601, sizes are bytes. */

export interface Page<Item> {
  items: Item[];
  nextCursor?: string;
}

export type Role = 'member' | 'moderator' | 'administrator';
export type Standing = 'active' | 'muted' | 'banned';
export type Registration = 'open' | 'invite' | 'closed';

export interface Self {
  id: number;
  username: string;
  email: string;
  role: Role;
  status: Standing;
  browsing: number;
  bio: string;
}

export interface Me {
  user?: Self;
  siteName: string;
  registration: Registration;
  mail: boolean;
  secure: boolean;
  setupNeeded: boolean;
  rotate: boolean;
}

export interface Person {
  username: string;
  role: Role;
  bio: string;
  joinedAt: string;
  demo: boolean;
}

export interface Session {
  id: number;
  current: boolean;
  agent: string;
  address: string;
  createdAt: string;
  seenAt: string;
}

export interface Key {
  id: number;
  name: string;
  hint: string;
  scopes: string[];
  createdAt: string;
  usedAt?: string;
  expiresAt?: string;
  /** The key itself, in the reply that made it only. */
  key?: string;
}

export type Status = 'Draft' | 'Scheduled' | 'Published' | 'Unpublished';
export type CommercialUse = 'None' | 'Image' | 'RentCivit' | 'Rent' | 'Sell';
export type CheckpointType = 'Trained' | 'Merge';

export interface Licence {
  allowNoCredit: boolean;
  allowCommercialUse: CommercialUse[];
  allowDerivatives: boolean;
  allowDifferentLicense: boolean;
}

export type Verdict = 'pending' | 'safe' | 'unknown_import' | 'dangerous' | 'malformed' | 'failed';

/** Upper-case hex; empty where there is none. */
export interface Hashes {
  SHA256: string;
  AutoV1: string;
  AutoV2: string;
  AutoV3: string;
  CRC32: string;
  BLAKE3: string;
}

export interface FileCard {
  id: number;
  name: string;
  type: string;
  bytes: number;
  primary: boolean;
  visibility: 'Public' | 'Private';
  format: string;
  size?: string;
  fp?: string;
  quantType?: string;
  verdict: Verdict;
  verdictMessage: string;
  detectedType: string;
  detectedBase: string;
  hashes: Hashes;
  downloadUrl: string;
}

export interface VersionCard {
  id: number;
  name: string;
  baseModel: string;
  baseModelType: string;
  status: Status;
  description: string;
  descriptionHtml: string;
  trainedWords: string[];
  clipSkip?: number;
  steps?: number;
  epochs?: number;
  requireAuth: boolean;
  nsfwLevel: number;
  createdAt: string;
  updatedAt: string;
  /** Of a scheduled version: when it will appear. */
  publishedAt?: string;
  downloadCount: number;
  thumbsUpCount: number;
  files: FileCard[];
}

export interface ModelCard extends Licence {
  id: number;
  name: string;
  type: string;
  status: Status;
  mode?: 'Archived' | 'TakenDown';
  availability: 'Public' | 'Members' | 'Private';
  checkpointType?: CheckpointType;
  creator: string;
  description: string;
  descriptionHtml: string;
  tags: string[];
  nsfwLevel: number;
  demo: boolean;
  mayEdit: boolean;
  createdAt: string;
  updatedAt: string;
  publishedAt?: string;
  deletedAt?: string;
  downloadCount: number;
  /** Newest first. */
  versions: VersionCard[];
}

export interface Guess {
  value: string;
  confidence: number;
  evidence: string[];
}

/** What was read from a file, without running any of it. */
export interface Facts {
  format: string;
  verdict: Verdict;
  reasons: { code: string; text: string }[];
  imports: { module: string; name: string; judged: string }[];
  metadata: { key: string; value: string; bytes: number }[];
  dtypes: { dtype: string; tensors: number; parameters: number; bytes: number }[];
  tensors: number;
  parameters: number;
  tensorBytes: number;
  precision: string;
  quantType: string;
  modelType: Guess;
  baseModel: Guess;
  variant: string;
  claims: { key: string; text: string; modelType: string; baseModel: string }[];
  conflicts: { code: string; claimed: string; detected: string; text: string }[];
  triggerWords: { word: string; count: number }[];
}

/** An upload of yours; `file` once all bytes have arrived. */
export interface UploadRow {
  id: number;
  token: string;
  name: string;
  bytes: number;
  received: number;
  finished: boolean;
  file?: number;
}

/** A stored file; `hashes` and `inspection` follow when they are known. */
export interface StoredFile {
  id: number;
  name: string;
  bytes: number;
  createdAt: string;
  hashes?: Partial<Hashes>;
  format: string;
  verdict: Verdict;
  verdictMessage: string;
  mine: boolean;
  inspection?: Facts;
}

export interface Tensor {
  name: string;
  dtype: string;
  shape: number[];
  bytes: number;
}

export interface Vocabulary {
  modelTypes: string[];
  baseModels: string[];
  activeBaseModels: string[];
  fileTypes: string[];
  fileFormats: string[];
}

export interface Tag {
  name: string;
  models: number;
}

export type JobState = 'pending' | 'processing' | 'completed' | 'failed' | 'cancelled';

export interface Job {
  id: number;
  kind: string;
  state: JobState;
  attempts: number;
  maxAttempts: number;
  progress?: number;
  detail?: string;
  error?: string;
  createdAt: string;
  runAt?: string;
  finishedAt?: string;
}

export interface JobSummary {
  states: Record<JobState, number>;
  kinds: { kind: string }[];
  /** The last hour by minutes, oldest first. */
  history: { at: string; completed: number; failed: number }[];
}

export interface Invite {
  id: number;
  code: string;
  note: string;
  usesLeft: number;
  createdAt: string;
  expiresAt: string;
}

export interface UserRow {
  id: number;
  username: string;
  email: string;
  role: Role;
  status: Standing;
  demo: boolean;
  joinedAt: string;
}

export interface Import {
  id: number;
  path: string;
  state: 'running' | 'completed' | 'failed';
  /** Why it failed; else empty. */
  problem: string;
  draft: boolean;
  found: number;
  added: number;
  known: number;
  bytes: number;
  job?: number;
  startedAt: string;
  finishedAt?: string;
}
