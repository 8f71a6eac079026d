import { EntityPages } from '../parts/entity-pages.tsx';
import { FlowEditor } from './flow-editor.tsx';
import { FlowList } from './flow-list.tsx';

/** The flows of a tenant, and each one as a graph. */
export const Flows = () => <EntityPages list={<FlowList />} editor={<FlowEditor />} />;
