export type * from './chat-types.ts';
export type { DownloadOptions } from './download.ts';
export type { CallOptions, ClientOptions, KeyedCallOptions, VendorOptions } from './options.ts';
export type { List } from './pages.ts';
export type { FileContent, FileFacts } from './upload.ts';
export {
  type JobSource,
  type JobState,
  type Look,
  type Progress,
  type WaitOptions,
  waitFor,
} from './wait-for.ts';
