-- Registry of the wrapped shards of a MasterKey. Rows are only ever added: the latest row of a shard is its state.
-- PostgreSQL 14 or newer. Triggers and privileges hold for every role but two: the owner of a table could take them off
-- again, and a superuser passes every check. The signed export, kept elsewhere, shows what either of them changed.

BEGIN;

-- The public manifest of each set, byte for byte as the ceremony made and signed it: jsonb would write it anew.
CREATE TABLE shard_manifest (
  recorded_at timestamptz NOT NULL DEFAULT now(),
  key_name text NOT NULL,
  key_version integer NOT NULL CHECK (key_version >= 1),
  generation integer NOT NULL CHECK (generation BETWEEN 1 AND 65535),
  manifest bytea NOT NULL CHECK (jsonb_typeof(convert_from(manifest, 'UTF8')::jsonb) = 'object'),
  manifest_sha256 text GENERATED ALWAYS AS (encode(sha256(manifest), 'hex')) STORED,
  PRIMARY KEY (key_name, key_version, generation)
);

CREATE TABLE shard_registry (
  entry bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  recorded_by text NOT NULL DEFAULT current_user,
  key_name text NOT NULL,
  key_version integer NOT NULL CHECK (key_version >= 1),
  generation integer NOT NULL CHECK (generation BETWEEN 1 AND 65535),
  shard integer NOT NULL CHECK (shard BETWEEN 1 AND 255),
  label text NOT NULL CHECK (label ~ '^[0-9A-F]{4}-[0-9]{3}$'),
  state text NOT NULL CHECK (state IN ('stored', 'proved', 'lost', 'exposed', 'retired')),
  provider_key text NOT NULL,
  ciphertext bytea,
  ciphertext_sha256 text GENERATED ALWAYS AS (encode(sha256(ciphertext), 'hex')) STORED,
  -- Only a lost or retired shard has no ciphertext.
  CHECK (ciphertext IS NOT NULL OR state IN ('lost', 'retired'))
);

-- Label of a shard by its number, as the manifest lists it.
CREATE FUNCTION shard_label(manifest bytea, number integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT entry ->> 'label' FROM jsonb_array_elements(convert_from(manifest, 'UTF8')::jsonb -> 'shards') AS entry
  WHERE (entry ->> 'number')::integer = number
$$;

CREATE FUNCTION shard_registry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;
END
$$;

-- The order of the rows is what counts: a row that brought a number of its own could be the latest for ever.
-- The number must be the one that this session was just given; who may append need not see the sequence.
CREATE FUNCTION shard_registry_order() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF NEW.entry <> currval(pg_get_serial_sequence(format('%I.%I', TG_TABLE_SCHEMA, TG_TABLE_NAME), 'entry')) THEN
    RAISE EXCEPTION '% is append-only: % with an entry number refused', TG_TABLE_NAME, TG_OP;
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER shard_registry_order BEFORE INSERT ON shard_registry
  FOR EACH ROW EXECUTE FUNCTION shard_registry_order();
CREATE TRIGGER shard_registry_rows BEFORE UPDATE OR DELETE ON shard_registry
  FOR EACH ROW EXECUTE FUNCTION shard_registry_refuse();
CREATE TRIGGER shard_registry_table BEFORE TRUNCATE ON shard_registry
  FOR EACH STATEMENT EXECUTE FUNCTION shard_registry_refuse();
CREATE TRIGGER shard_manifest_rows BEFORE UPDATE OR DELETE ON shard_manifest
  FOR EACH ROW EXECUTE FUNCTION shard_registry_refuse();
CREATE TRIGGER shard_manifest_table BEFORE TRUNCATE ON shard_manifest
  FOR EACH STATEMENT EXECUTE FUNCTION shard_registry_refuse();

-- The owner has every privilege until it is taken away.
REVOKE UPDATE, DELETE, TRUNCATE ON shard_registry, shard_manifest FROM PUBLIC, CURRENT_USER;

-- The present state of every shard.
CREATE VIEW shard_current AS
  SELECT DISTINCT ON (key_name, key_version, generation, shard) *
  FROM shard_registry
  ORDER BY key_name, key_version, generation, shard, entry DESC;

COMMIT;
