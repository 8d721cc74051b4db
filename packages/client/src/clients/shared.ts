export type * from './chat-types.ts';
export type { DownloadOptions } from './download.ts';
export type { JobSource, JobState, Look, Progress, WaitOptions } from './job-source.ts';
export type { CallOptions, ClientOptions, KeyedCallOptions, VendorOptions } from './options.ts';
export type { List } from './pages.ts';
export type { FileContent, FileFacts } from './upload.ts';
export { waitFor } from './wait-for.ts';
