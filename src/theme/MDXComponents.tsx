/** The only registry of components for pages; .markdownlint-cli2.jsonc lists the same names. */
import MDXComponents from '@theme-original/MDXComponents';
import At from '../components/At';
import Derived from '../components/Derived';
import IfDown from '../components/IfDown';
import IfLost from '../components/IfLost';
import IfUp from '../components/IfUp';
import {
  ControlMap,
  ControlsByEvidence,
  ControlsByRecord,
  Coverage,
  CustodyHealth,
  ExposureLedger,
  KnownMistakes,
  PrintedCopy,
  Traceability,
} from './audited';
import {
  ActTimes,
  AuditVerifier,
  DeploymentSummary,
  DrillReport,
  FewestPeople,
  Form,
  IndependenceReport,
  ProcedureTimes,
  QuorumCalculator,
  RecoveryMatrix,
  RoleMatrix,
  Triage,
} from './connected';
import Step from './Step';
import Table, { Cell, HeadCell } from './Table';

export default {
  ...MDXComponents,
  ActTimes,
  At,
  AuditVerifier,
  ControlMap,
  ControlsByEvidence,
  ControlsByRecord,
  Coverage,
  CustodyHealth,
  DeploymentSummary,
  Derived,
  DrillReport,
  ExposureLedger,
  FewestPeople,
  Form,
  IfDown,
  IfLost,
  IfUp,
  IndependenceReport,
  KnownMistakes,
  PrintedCopy,
  ProcedureTimes,
  QuorumCalculator,
  RecoveryMatrix,
  RoleMatrix,
  Step,
  Traceability,
  Triage,
  table: Table,
  td: Cell,
  th: HeadCell,
};
