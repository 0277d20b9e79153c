export interface AzureSettings {
  container: string;
  /** `` or ending in `/`: several services can share a container. */
  prefix: string;
  /** Of the account: `https://account.blob.core.windows.net`, with a shared access signature behind it where there is no key. */
  endpoint: string;
  /** undefined: the signature in `endpoint` says who this is. */
  credentials?: { accountName: string; accountKey: string };
  /** Local folder for recordings that a tool needs as a file. */
  scratchFolder: string;
}
