import type { components } from './schema';

/** The API's shapes by their own names. Times are ISO 8601, sizes are bytes. */
type Schemas = components['schemas'];
export type Body<Name extends keyof Schemas> = Schemas[Name];

export type Role = Schemas['Role'];
export type Self = Schemas['Self'];
export type Me = Schemas['Me'];
export type UserRow = Schemas['UserRow'];
export type Standing = UserRow['status'];
export type InviteRow = Schemas['InviteRow'];

export type ModelCard = Schemas['ModelCard'];
export type VersionCard = Schemas['VersionCard'];
export type FileCard = Schemas['FileCard'];
export type Status = Schemas['Status'];
export type Verdict = Schemas['FileVerdict'];
export type CheckpointType = Schemas['CheckpointType'];
export type CommercialUse = Schemas['CommercialUse'];
export type Sort = Schemas['Sort'];
export type Period = Schemas['Period'];
export type ModelType = Schemas['ModelType'];

export type Licence = Pick<
  ModelCard,
  'allowNoCredit' | 'allowCommercialUse' | 'allowDerivatives' | 'allowDifferentLicense'
>;

export type FileRow = Schemas['FileRow'];
export type Facts = Schemas['Facts'];
export type Guess = Schemas['Guess'];
export type Tensor = Schemas['Tensor'];
/** Upper-case hex; empty or absent where there is none. */
export type Hashes = Partial<Schemas['CardHashes']>;

export type ImportRow = Schemas['ImportRow'];
export type Job = Schemas['Job'];
export type JobState = Job['state'];
