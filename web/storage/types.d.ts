import type { WorkingCopy } from './copy.js';

/** A state, or a part of one: JSON. */
export type State = Record<string, any>;
export type Tool = 'cardgenerator' | 'storegenerator' | 'ruleslawyer' | 'statblockgenerator';
export type Observed<T> = { get(): T; subscribe(listener: (value: T) => void): () => void };
export type Observable<T> = Observed<T> & { set(next: T): void };
export type StatusName =
  | 'loading' | 'restoring' | 'saved' | 'saving' | 'unsaved' | 'offline' | 'changed elsewhere' | 'storage full';
export type Status = { state: StatusName; detail?: string; at?: number };
export type Home = { kind: 'session' } | { kind: 'project'; id: string; name: string; etag?: string };
export type Conflict = { path: string; base?: any; mine?: any; theirs?: any };
export type User = { uid: string; isAnonymous: boolean; getIdToken(force?: boolean): Promise<string> };
export type Auth = { onAuthStateChanged(listener: (user: any) => void): () => void };

/** One unsaved state, as IndexedDB keeps it. Times are ms since 1970. */
export type Backup = {
  key: string;
  tool: Tool;
  userId: string;
  tab: string;
  state: State;
  base?: State;
  /** null: a draft that no project held; absent: nobody knows */
  projectId?: string | null;
  newProjectId: string;
  timestamp?: number;
  etag?: string;
  save_id?: string;
};

/** A state that was set aside: before a save that emptied it, or because nobody could tell what to do with it. */
export type Snapshot = {
  id: string;
  tool: Tool;
  userId: string;
  reason: 'emptied' | 'unreadable' | 'older copy';
  timestamp: number;
  name: string;
  projectId?: string | null;
  state?: State;
  /** what could not be read */
  raw?: string;
};

export type Options = { body?: any; etag?: string; seen?: string; saveId?: string; token?: string };
export type Answer = { status: number; data: any; etag: string };
export type Request = (method: string, path: string, options?: Options) => Promise<Answer>;
export type Log = { lines(): string[]; subscribe(listener: (lines: string[]) => void): () => void; add(line: string): void };

/** What belongs to one signed-in user in this tab. */
export type Env = {
  uid: string;
  isGuest: boolean;
  tab: string;
  delay: number;
  /** the user is gone from this tab */
  ended: boolean;
  request: Request;
  session: Session;
  /** all that are open, shown or not */
  copies: Set<WorkingCopy>;
  /** those of them whose home is the session */
  drafts(): WorkingCopy[];
  backups: Backups;
  post(key: string, etag: string): unknown;
  log(line: string): void;
  setAside(snapshot: Pick<Snapshot, 'tool' | 'reason' | 'name' | 'state' | 'raw' | 'projectId'>): Promise<void>;
  /** a project that can be worked on, or null */
  project(tool: Tool, id: string): Promise<{ data: any; etag: string } | null>;
  /** tells the status what became of a copy's save */
  tell(copy: WorkingCopy, state: 'unsaved' | 'saving' | 'saved' | 'gone', error?: any): unknown;
};
export type Backups = { put(record: Backup): Promise<void>; remove(key: string): void; copyAll(): void; kept(): Promise<Kept[]> };
/** A backup as it is found: its value, or the text that is none. */
export type Kept = { key: string; value?: unknown; text?: string };
export type Session = {
  doc: Observable<any>;
  etag(): string;
  open(): Promise<Answer>;
  look(): Promise<unknown>;
  looked(): Promise<unknown>;
  write(method: string, path: string, body?: any): Promise<any>;
};
export type Work = ReturnType<typeof import('./work.js').work>;
export type Storage = ReturnType<typeof import('./index.js').connect>;
