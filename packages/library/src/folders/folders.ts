import { and, asc, eq, sql } from 'drizzle-orm';
import { type Db, type FolderRights, folderShares, folders } from '../database/schema.ts';

export interface Folder {
  id: string;
  /** Its owner, who owns everything in it. */
  account: string;
  name: string;
  createdAt: Date;
}

export interface FolderShare {
  account: string;
  rights: FolderRights;
}

/** What an account may do with something: `owner` everything, `edit` change it, `read` see it. */
export type Rights = 'owner' | FolderRights;

export interface SeenFolder extends Folder {
  rights: Rights;
}

export class Folders {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** @returns null: the account has one of this name */
  async add(folder: Omit<Folder, 'createdAt'>): Promise<Folder | null> {
    const rows = await this.#db
      .insert(folders)
      .values({ ...folder, createdAt: new Date() })
      .onConflictDoNothing()
      .returning();
    return rows[0] ?? null;
  }

  /** The folder of this name, which is made if there is none. */
  async ensure(account: string, name: string, newId: string): Promise<Folder> {
    const folder = (await this.named(account, name)) ?? (await this.add({ id: newId, account, name }));
    // Made by another meanwhile.
    return folder ?? this.ensure(account, name, newId);
  }

  /** By name, without regard to case. */
  async named(account: string, name: string): Promise<Folder | null> {
    const [folder] = await this.#db
      .select()
      .from(folders)
      .where(and(eq(folders.account, account), eq(sql`lower(${folders.name})`, sql`lower(${name})`)));
    return folder ?? null;
  }

  /** Own folders and those that are shared with an account, by name. */
  async seenBy(account: string): Promise<SeenFolder[]> {
    const shared = and(eq(folderShares.folderId, folders.id), eq(folderShares.account, account));
    const rows = await this.#db
      .select({ folder: folders, rights: folderShares.rights })
      .from(folders)
      .leftJoin(folderShares, shared)
      .where(sql`${folders.account} = ${account} OR ${folderShares.account} = ${account}`)
      .orderBy(asc(sql`lower(${folders.name})`), asc(folders.id));
    return rows.map(({ folder, rights }) => ({ ...folder, rights: rightsOf(folder, account, rights) ?? 'read' }));
  }

  /** null: there is no such folder, or nothing of it is this account's to see. */
  async find(id: string, account: string): Promise<SeenFolder | null> {
    const shared = and(eq(folderShares.folderId, folders.id), eq(folderShares.account, account));
    const [row] = await this.#db
      .select({ folder: folders, rights: folderShares.rights })
      .from(folders)
      .leftJoin(folderShares, shared)
      .where(eq(folders.id, id));
    const rights = row === undefined ? null : rightsOf(row.folder, account, row.rights);
    return row === undefined || rights === null ? null : { ...row.folder, rights };
  }

  /** @returns `taken`: the account has another folder of this name */
  async rename(id: string, name: string): Promise<'renamed' | 'taken'> {
    return this.#db.transaction(async (tx) => {
      const [folder] = await tx.select().from(folders).where(eq(folders.id, id)).for('update');
      if (folder === undefined) return 'renamed';
      const other = await new Folders(tx).named(folder.account, name);
      if (other !== null && other.id !== id) return 'taken';
      await tx.update(folders).set({ name }).where(eq(folders.id, id));
      return 'renamed';
    });
  }

  /** Items in it stay, in no folder. */
  async remove(id: string): Promise<void> {
    await this.#db.delete(folders).where(eq(folders.id, id));
  }

  async shares(id: string): Promise<FolderShare[]> {
    return this.#db
      .select({ account: folderShares.account, rights: folderShares.rights })
      .from(folderShares)
      .where(eq(folderShares.folderId, id))
      .orderBy(asc(folderShares.account));
  }

  /** In place of those it has. */
  async share(id: string, shares: readonly FolderShare[]): Promise<void> {
    await this.#db.transaction(async (tx) => {
      await tx.delete(folderShares).where(eq(folderShares.folderId, id));
      const rows = shares.map((share) => ({ ...share, folderId: id }));
      if (rows.length > 0) await tx.insert(folderShares).values(rows);
    });
  }
}

function rightsOf(folder: Folder, account: string, shared: FolderRights | null): Rights | null {
  return folder.account === account ? 'owner' : shared;
}
