/**
 * Everything that a model may use; the only file that anything in models/ imports, as `fogplane`.
 */
export { z } from 'zod';
export {
  type ConformanceCase,
  type ConformanceSkip,
  checkPlacementConformance,
  PLACEMENT_CONFORMANCE,
} from './placement/conformance.js';
export {
  BUS_NODE,
  type ControlPlane,
  type ControlPlaneOptions,
  clientsOf,
  controlPlane,
  DATABASE_NODE,
  databasesOf,
  joinControlPlanes,
  type Roles,
  SERVICE_NODE,
  wireSite,
} from './placement/control-plane.js';
export {
  type BusDeployment,
  type Cell,
  DATABASE_NAMES,
  type DatabaseDeployment,
  type DatabaseName,
  type Deployment,
  type Place,
  SERVICE_NAMES,
  type ServiceGroup,
  type ServiceInstance,
  type ServiceName,
  type SiteWiring,
} from './placement/deployment.js';
export type { InfrastructureView, SiteTier, SiteView } from './placement/infrastructure.js';
export { definePlacement, type PlacementModel } from './placement/placement-model.js';
export { type LatencyRegion, mostCentralSite, partitionByLatency } from './placement/regions.js';
