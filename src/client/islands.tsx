/** Wakes the components that react. Their markup and their props are in the page; see src/theme/island.tsx. */
import type { ComponentType } from 'react';
import { hydrateRoot } from 'react-dom/client';
import AuditVerifier from '../components/AuditVerifier';
import ControlFilter from '../components/ControlMap/Filter';
import QuorumCalculator from '../components/QuorumCalculator';
import RecoveryMatrix from '../components/RecoveryMatrix';
import RoleMatrix from '../components/RoleMatrix';
import Triage from '../components/Triage';

const known = { AuditVerifier, ControlFilter, QuorumCalculator, RecoveryMatrix, RoleMatrix, Triage };

for (const element of document.querySelectorAll<HTMLElement>('[data-island]')) {
  const name = element.dataset.island ?? '';
  if (!(name in known)) continue;
  const Component = known[name as keyof typeof known] as ComponentType<object>;
  const props = JSON.parse(element.dataset.props ?? '{}') as object;
  hydrateRoot(element, <Component {...props} />, { identifierPrefix: name });
}
