import type {
  BusDeployment,
  Cell,
  DatabaseDeployment,
  DatabaseName,
  Deployment,
  Place,
  ServiceGroup,
  ServiceName,
  SiteWiring,
} from './deployment.js';

/** Which group (by id) plays each role; null: nobody, it is never called. */
export type Roles = Partial<Record<ServiceName, string | null>>;

/** Where a whole control plane stands. */
export interface ControlPlaneOptions {
  /** Ends every id, such as `@region-1`; default none. */
  suffix?: string;
  /** Sites with an instance of every service. */
  sites: readonly string[];
  /** Processes of each instance; default: as the release sets. */
  workers?: number;
  /** Sites of the brokers; default: the first of `sites`. */
  busSites?: readonly string[];
  /** Default `rabbitmq`. */
  busBackend?: string;
  /** Of the bus's backend. */
  busSettings?: BusDeployment['settings'];
  /** Sites of the database's replicas; default: the first of `sites`. */
  databaseSites?: readonly string[];
  /** Default `mariadb`. */
  databaseBackend?: string;
  /** Of the database's backend. */
  databaseSettings?: DatabaseDeployment['settings'];
  /** Group id of a Keystone that stands elsewhere; default: a Keystone of its own. */
  sharedKeystone?: string;
}

/** A whole control plane and the names of its parts. */
export interface ControlPlane {
  services: ServiceGroup[];
  buses: BusDeployment[];
  databases: DatabaseDeployment[];
  cell: Cell;
  roles: Roles;
  bus: string;
  database: string;
}

/** Each service on a node of its own kind: a broker's or database's load takes no API's cores. */
export const SERVICE_NODE = 'control';
export const BUS_NODE = 'broker';
export const DATABASE_NODE = 'database';

const API_DATABASES: Partial<Record<ServiceName, DatabaseName[]>> = {
  keystone: ['keystone'],
  'glance-api': ['glance'],
  'placement-api': ['placement'],
  'nova-api': ['nova_api', 'nova_cell0', 'nova'],
  'nova-conductor': ['nova_api', 'nova_cell0', 'nova'],
  'nova-scheduler': ['nova_api', 'nova_cell0', 'nova'],
  'neutron-server': ['neutron'],
};

/** The databases that a service uses, all on one server. */
export function databasesOf(service: ServiceName, database: string): ServiceGroup['databases'] {
  return Object.fromEntries((API_DATABASES[service] ?? []).map((name) => [name, database]));
}

const CONTROL_SERVICES = [
  'keystone',
  'glance-api',
  'placement-api',
  'nova-api',
  'nova-conductor',
  'nova-scheduler',
  'neutron-server',
] as const satisfies ServiceName[];

function places(sites: readonly string[], node: string): Place[] {
  return sites.map((site) => ({ site, node }));
}

/**
 * Keystone, Glance, Placement, Nova and Neutron with one bus and one database: what `centralized`
 * has once and `regions` has several times. REST callers take the nearest instance.
 */
export function controlPlane(options: ControlPlaneOptions): ControlPlane {
  const { suffix = '', sites, workers } = options;
  const bus = `bus${suffix}`;
  const database = `database${suffix}`;
  const services = CONTROL_SERVICES.filter(
    (service) => service !== 'keystone' || !options.sharedKeystone,
  );
  const roles: Roles = { 'glance-api': null };
  for (const service of services) roles[service] = `${service}${suffix}`;
  if (options.sharedKeystone) roles.keystone = options.sharedKeystone;
  const groups = services.map(
    (service): ServiceGroup => ({
      id: `${service}${suffix}`,
      service,
      instances: sites.map((site) => ({ site, node: SERVICE_NODE, workers })),
      bus,
      databases: databasesOf(service, database),
      // A Glance has no other Glance behind it: it holds the images itself.
      calls: service === 'glance-api' ? { ...roles, 'glance-api': null } : roles,
    }),
  );
  return {
    services: groups,
    buses: [
      {
        id: bus,
        backend: options.busBackend ?? 'rabbitmq',
        members: places(options.busSites ?? [sites[0]], BUS_NODE),
        ...(options.busSettings ? { settings: options.busSettings } : {}),
      },
    ],
    databases: [
      {
        id: database,
        backend: options.databaseBackend ?? 'mariadb',
        replicas: places(options.databaseSites ?? [sites[0]], DATABASE_NODE),
        ...(options.databaseSettings ? { settings: options.databaseSettings } : {}),
      },
    ],
    cell: { id: `cell1${suffix}`, conductor: `nova-conductor${suffix}`, database },
    roles,
    bus,
    database,
  };
}

/** A site whose clients and computes all use one control plane. */
export function wireSite(plane: ControlPlane): SiteWiring {
  return {
    clients: clientsOf(plane.roles),
    computes: {
      cell: plane.cell.id,
      bus: plane.bus,
      agentBus: plane.bus,
      calls: { ...plane.roles },
    },
  };
}

/** The endpoints that clients see: the APIs among the roles. */
export function clientsOf(roles: Roles): SiteWiring['clients'] {
  const apis = ['keystone', 'glance-api', 'placement-api', 'nova-api', 'neutron-server'] as const;
  return Object.fromEntries(apis.flatMap((api) => (roles[api] ? [[api, roles[api]]] : [])));
}

/** One deployment of several control planes; `wiring` still has to be added. */
export function joinControlPlanes(planes: readonly ControlPlane[]): Omit<Deployment, 'wiring'> {
  return {
    services: planes.flatMap((plane) => plane.services),
    buses: planes.flatMap((plane) => plane.buses),
    databases: planes.flatMap((plane) => plane.databases),
    cells: planes.map((plane) => plane.cell),
  };
}
