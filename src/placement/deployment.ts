/**
 * What a placement model returns: plain data that says which services, buses and databases exist,
 * where their instances are and who talks to which. Sites are named by their `id`.
 */

/** The OpenStack process groups that fogplane knows. */
export const SERVICE_NAMES = [
  'keystone',
  'glance-api',
  'placement-api',
  'nova-api',
  'nova-conductor',
  'nova-scheduler',
  'nova-compute',
  'neutron-server',
  'neutron-agent',
] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

/** The logical databases of the modelled services. `nova` is a cell's database. */
export const DATABASE_NAMES = [
  'keystone',
  'glance',
  'placement',
  'nova_api',
  'nova_cell0',
  'nova',
  'neutron',
] as const;
export type DatabaseName = (typeof DATABASE_NAMES)[number];

/** A place on a control node of a site. */
export interface Place {
  site: string;
  /** Control node of the site; instances on one node share its cores. Default `control`. */
  node?: string;
}

/** One running copy of a service. */
export interface ServiceInstance extends Place {
  /** Processes; default: the release's default for the service on this node. */
  workers?: number;
}

/** A load-balanced set of instances of one service, with its wiring. */
export interface ServiceGroup {
  /** Unique in the deployment, such as `nova-api` or `glance-api@paris`. */
  id: string;
  service: ServiceName;
  instances: ServiceInstance[];
  /** Id of the bus on which it listens; needed by every service with RPC. */
  bus?: string;
  /** Which deployed database (by id) stands behind each logical database that the service uses. */
  databases?: Partial<Record<DatabaseName, string>>;
  /** Which group (by id) plays each role that the service calls; null: this role is never called. */
  calls?: Partial<Record<ServiceName, string | null>>;
  /** How callers pick an instance: the nearest (default for REST) or in turn (RabbitMQ's way for RPC). */
  balance?: 'nearest' | 'round-robin';
  /** Settings that differ from the release's defaults, such as `token-cache: false`. */
  settings?: Record<string, number | boolean | string>;
}

export interface BusDeployment {
  id: string;
  /** Name of a file in models/backends, such as `rabbitmq`. */
  backend: string;
  /** Broker nodes. */
  members: Place[];
  settings?: Record<string, number | boolean | string>;
}

export interface DatabaseDeployment {
  id: string;
  /**
   * Name of a file in models/backends: `mariadb` (one replica), `mariadb-replicas` (the first takes
   * the writes), `galera`, `cockroachdb` or `rome`.
   */
  backend: string;
  replicas: Place[];
  settings?: Record<string, number | boolean | string>;
}

/** A Nova cell: a bus, a database and conductors for the computes of some sites. */
export interface Cell {
  id: string;
  /** Group id of its conductors. */
  conductor: string;
  /** Id of its database. */
  database: string;
}

/** What the clients and the computes of one site use. */
export interface SiteWiring {
  /** The endpoint (group id) that this site's clients use for each API. */
  clients: Partial<Record<ServiceName, string>>;
  /**
   * Control node of this site on which its clients compute, all in one process: a laboratory whose
   * load generator shares the machine. Default: clients have machines of their own.
   */
  clientNode?: string;
  /** Absent for a site without computes. */
  computes?: {
    cell: string;
    /** Bus of nova-compute. */
    bus: string;
    /** Bus of the Neutron agent. */
    agentBus: string;
    /** Which group plays each role that computes and agents call; null: never called. */
    calls: Partial<Record<ServiceName, string | null>>;
    /**
     * Control node of this site whose cores the computes share: a laboratory on one machine.
     * Default: every compute has cores of its own.
     */
    node?: string;
    /** Computes with a Neutron agent; default: all of them. */
    agents?: number;
  };
}

export interface Deployment {
  services: ServiceGroup[];
  buses: BusDeployment[];
  databases: DatabaseDeployment[];
  cells: Cell[];
  /** By site id; every site of the infrastructure has an entry. */
  wiring: Record<string, SiteWiring>;
  /** Cores of control nodes that differ from the infrastructure's default. */
  nodes?: (Place & {
    cores: number;
    /** Nodes of one machine share its cores, wherever they stand: an emulated testbed. Default: its own. */
    machine?: string;
  })[];
}
