import type { WorkingCopy } from './copy.js';

/** A state, or a part of one: JSON. */
export type State = Record<string, any>;
export type Tool = 'cardgenerator' | 'storegenerator' | 'ruleslawyer' | 'statblockgenerator';
export type Observed<T> = { get(): T; subscribe(listener: (value: T) => void): () => void };
export type Observable<T> = Observed<T> & { set(next: T): void };
export type StatusName =
  | 'loading' | 'restoring' | 'saved' | 'saving' | 'unsaved' | 'offline' | 'changed elsewhere' | 'refused' | 'signed out' | 'another user'
  | 'no copy' | 'storage full';
export type Status = { state: StatusName; detail?: string; at?: number };
/** unknown: typed before anything was restored */
export type Home = { kind: 'session' } | { kind: 'unknown' } | { kind: 'project'; id: string; name: string };
/** An open conflict of the document: the save holds the other value. `at_path` is the path in the document's own names. */
export type Conflict = { path: string; at_path: string; by: string; device: string; at: string; save_id: string };
/** A field that the server refused: it waits until it is changed. */
export type Refused = { path: string; message: string };
/** What a merge did that somebody may wonder about: what one took out stands, since another had changed it. */
export type Told = { kind: 'edit kept'; paths: string[] };
export type Settling = 'retry' | 'saveAsNew' | 'undelete' | 'open' | 'discard';
/** A document with something unsaved that will not be stored by itself. */
export type Stuck = { id: string; tool: Tool; projectId: string | null; name: string; message: string; can: Settling[] };
/** Something that is kept beside the state. `at`: ms since 1970. */
export type KeptEntry = {
  kind: 'save' | 'snapshot';
  id: string;
  place: 'project' | 'session' | 'browser' | 'unsaved';
  tool: Tool;
  projectId: string | null;
  name: string;
  reason: string;
  at: number;
  by: string;
  device: string;
  words: string;
};
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
  /** nothing of it was stored any more */
  gone?: boolean;
  /** null: a draft that no project held; absent: nobody knows */
  projectId?: string | null;
  newProjectId: string;
  /** what that was before its user became another one */
  formerProjectId?: string;
  timestamp?: number;
  /** of two under one key the higher is the newer */
  order?: number;
  etag?: string;
  /** recovered, it is a save of this id */
  save_id?: string;
  attempt_ids?: string[];
  /** what was sent on that base and not answered; with a patch, as patches */
  attempts?: State[];
  /** the fields that the server refused: they wait on the page */
  refused?: Refused[];
};

/** A state that was set aside: before a save that emptied it, or because nobody could tell what to do with it. */
export type Snapshot = {
  id: string;
  tool: Tool;
  userId: string;
  reason: 'emptied' | 'unreadable' | 'older copy' | 'before restore' | 'discarded' | 'refused';
  timestamp: number;
  name: string;
  projectId?: string | null;
  state?: State;
  /** what could not be read */
  raw?: string;
};

/** document: the answer is of a document, so it has an ETag, or it is none. */
export type Options = { body?: any; etag?: string; seen?: string; saveId?: string; token?: string; document?: boolean };
export type Answer = { status: number; data: any; etag: string; retryAfter?: number };
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
  seen: ReturnType<typeof import('./seen.js').seen>;
  /** other tabs, and other copies in this one, are told; `from` knows it already */
  post(key: string, etag: string, from?: WorkingCopy): unknown;
  log(line: string): void;
  /** what became of earlier work */
  tellRecovered(...found: any[]): void;
  quietly(promise: Promise<any> | undefined): void;
  setAside(snapshot: Pick<Snapshot, 'tool' | 'reason' | 'name' | 'state' | 'raw' | 'projectId'>): Promise<void>;
  /** the copy of a project, or of the draft (null), that is open */
  find(tool: Tool, projectId: string | null): WorkingCopy | undefined;
  /** a project that can be worked on, or null */
  project(tool: Tool, id: string): Promise<{ data: any; etag: string } | null>;
  /** tells the status what became of a copy's save */
  tell(copy: WorkingCopy, state: 'unsaved' | 'saving' | 'saved' | 'gone', error?: any): unknown;
  end(): void;
};
export type Backups = {
  /** whether it is kept */
  put(change: Omit<Backup, 'state'> & { patch: State }): Promise<boolean>;
  remove(key: string): Promise<unknown>;
  copyAll(): void;
  kept(): Promise<Kept[]>;
};
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
export type Storage = import('./index.js').Storage;
