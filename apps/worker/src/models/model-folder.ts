import { type ComputeType, type InstalledModelFile, installedModels, pickModel } from '@sotto/whisper';

/** How long a listing of the folder is believed; a name that is not in it is looked for at once. */
const LISTING_MS = 30_000;

/** The models this worker could load, and which of them a name means. */
export class InstalledModelFolder {
  readonly #folder: string;
  readonly #computeType: ComputeType;
  readonly #defaultModel: InstalledModelFile;
  #models: InstalledModelFile[] = [];
  #listedAtMs = Number.NEGATIVE_INFINITY;

  constructor(folder: string, computeType: ComputeType, defaultModel: InstalledModelFile) {
    this.#folder = folder;
    this.#computeType = computeType;
    this.#defaultModel = defaultModel;
  }

  get defaultModel(): InstalledModelFile {
    return this.#defaultModel;
  }

  async list(): Promise<InstalledModelFile[]> {
    if (performance.now() - this.#listedAtMs > LISTING_MS) await this.#refresh();
    return this.#models;
  }

  /**
   * @param name a model's name, or null for this worker's own.
   * @throws SottoError model_not_available
   */
  async pick(name: string | null): Promise<InstalledModelFile> {
    if (name === null || name === this.#defaultModel.name) return this.#defaultModel;
    try {
      return pickModel(name, this.#computeType, await this.list());
    } catch {
      // It may have been installed since.
      await this.#refresh();
      return pickModel(name, this.#computeType, this.#models);
    }
  }

  async #refresh(): Promise<void> {
    this.#models = await installedModels(this.#folder);
    this.#listedAtMs = performance.now();
  }
}
