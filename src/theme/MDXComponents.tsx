/** The only registry of components for pages; .markdownlint-cli2.jsonc lists the same names. */
import MDXComponents from '@theme-original/MDXComponents';
import IfLost from '../components/IfLost';
import { Coverage, CustodyHealth, Traceability } from './audited';
import {
  ActTimes,
  AuditVerifier,
  ControlMap,
  DeploymentSummary,
  DrillReport,
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
  AuditVerifier,
  ControlMap,
  Coverage,
  CustodyHealth,
  DeploymentSummary,
  DrillReport,
  Form,
  IfLost,
  IndependenceReport,
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
