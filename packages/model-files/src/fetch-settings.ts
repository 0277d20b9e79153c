/** How files are fetched from package registries, with the machine's own clients. */
export interface FetchSettings {
  /** Default 5 000. */
  connectTimeoutMs?: number;
  /** Default 30 000. */
  stallTimeoutMs?: number;
  /** Default `python3`. */
  python?: string;
}
