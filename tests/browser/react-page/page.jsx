// A tool written in React, as the family's are: one hook, and the design document's verbs.
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { guestsWelcome, openAuth } from '../../../web/app/account/firebase.js';
import { connect } from '../../../web/storage/index.js';
import { useGlobalSession } from '../../../web/storage/react.js';

function Card({ storage }) {
  const session = useGlobalSession(storage, 'cardgenerator');
  const [object, setObject] = useState(null);
  const item = session.state.itemDetails ?? {};
  const edit = (name) => (event) => session.updateToolState({ itemDetails: { [name]: event.target.value } });
  useEffect(() => void session.restoreSession(), [session.restoreSession]);
  return (
    <main>
      <label>Name <input value={item.name ?? ''} onChange={edit('name')} /></label>
      <label>Quote <input value={item.quote ?? ''} onChange={edit('quote')} /></label>
      <p role="status">{session.status.state}</p>
      <p data-testid="project">{session.project ? session.project.name : 'no project'}</p>
      <p data-testid="object">{object ? object.name : 'no object'}</p>
      <button onClick={() => session.saveCurrentProject()}>Save</button>
      <button onClick={() => session.saveAsGlobalObject().then(setObject)}>Promote</button>
      <button onClick={() => session.newProject()}>New</button>
      <button onClick={() => session.openProject(document.querySelector('#which').value)}>Open</button>
      <input id="which" aria-label="Which" />
    </main>
  );
}

const { auth } = await openAuth();
guestsWelcome(auth);
const storage = connect({ auth, label: 'React' });
Object.assign(window, { storage });
createRoot(document.querySelector('#root')).render(<Card storage={storage} />);
