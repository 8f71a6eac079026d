import { useTranslation } from 'react-i18next';
import { EntityEditor } from '../parts/entity-editor.tsx';
import { EntityList } from '../parts/entity-list.tsx';
import { EntityPages } from '../parts/entity-pages.tsx';
import { RuleLocation } from './rule-location.tsx';
import { RuleOutcomes } from './rule-outcomes.tsx';
import { RuleRows } from './rule-rows.tsx';
import { RuleSource } from './rule-source.tsx';
import { emptyRule, ruleToEntity, ruleToForm } from './rule-values.ts';
import { TryRule } from './try-rule.tsx';

/** Where callers go by what the CRM says of them. */
export const Rules = () => <EntityPages list={<RuleList />} editor={<RuleEditor />} />;

function RuleList() {
  const { t } = useTranslation();
  return (
    <EntityList
      kind="routing-rule"
      columns={[
        {
          heading: t('adminRouting.rule.location'),
          cell: ({ location }) =>
            location?.type === 'did'
              ? location.dids.join(', ')
              : t(`adminRouting.rule.places.${location?.type ?? 'anywhere'}`),
          text: ({ location }) => (location?.type === 'did' ? location.dids.join(' ') : ''),
        },
        {
          heading: t('adminRouting.rule.source'),
          cell: ({ crm, url }) => crm?.connection ?? url,
          text: ({ crm, url }) => crm?.connection ?? url ?? '',
        },
        {
          heading: t('adminRouting.rule.fieldName'),
          cell: ({ fieldName }) => fieldName,
          text: ({ fieldName }) => fieldName,
        },
        { heading: t('adminRouting.rule.rows'), cell: ({ rows }) => rows.length },
      ]}
    />
  );
}

const RuleEditor = () => (
  <EntityEditor kind="routing-rule" empty={emptyRule} toForm={ruleToForm} toEntity={ruleToEntity}>
    {(form, stored) => (
      <>
        <RuleLocation form={form} />
        <RuleSource form={form} />
        <RuleRows form={form} />
        <RuleOutcomes form={form} />
        {stored !== undefined && <TryRule rule={stored.id} unsaved={form.isDirty()} />}
      </>
    )}
  </EntityEditor>
);
