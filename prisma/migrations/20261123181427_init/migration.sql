-- CreateTable
CREATE TABLE "Instance" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "timeZone" TEXT,
    "ownerContact" TEXT,
    "rpoHours" INTEGER,
    "rtoHours" INTEGER,
    "notes" TEXT,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- CreateTable
CREATE TABLE "Worker" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "instanceId" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "keySha256" TEXT NOT NULL,
    "redisPasswordSha256" TEXT NOT NULL,
    "redisPrefix" TEXT NOT NULL,
    "hostName" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "tools" JSONB NOT NULL,
    "protocol" TEXT NOT NULL DEFAULT '1.0',
    "spoolFreeBytes" BIGINT NOT NULL DEFAULT 0,
    "spoolTotalBytes" BIGINT NOT NULL DEFAULT 0,
    "clockSkewSeconds" REAL NOT NULL DEFAULT 0,
    "clockSkewSince" DATETIME,
    "refusedAt" DATETIME,
    "refusedProtocol" TEXT,
    "lastSeenAt" DATETIME,
    "enrolledAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "confirmedAt" DATETIME,
    "revokedAt" DATETIME,
    CONSTRAINT "Worker_instanceId_fkey" FOREIGN KEY ("instanceId") REFERENCES "Instance" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Enrolment" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "instanceId" TEXT NOT NULL,
    "workerSlug" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" DATETIME NOT NULL,
    "usedAt" DATETIME,
    "workerId" TEXT,
    CONSTRAINT "Enrolment_instanceId_fkey" FOREIGN KEY ("instanceId") REFERENCES "Instance" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Migration" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "instanceId" TEXT NOT NULL,
    "workerSlug" TEXT NOT NULL,
    "backupId" TEXT NOT NULL,
    "linkSha256" TEXT NOT NULL,
    "request" JSONB NOT NULL,
    "connection" TEXT,
    "mongodbSourceId" TEXT,
    "trustedNetworks" JSONB NOT NULL,
    "createdById" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" DATETIME NOT NULL,
    "revokedAt" DATETIME,
    "workerId" TEXT,
    "redeemedAt" DATETIME,
    "restoreId" TEXT,
    "problem" JSONB,
    CONSTRAINT "Migration_instanceId_fkey" FOREIGN KEY ("instanceId") REFERENCES "Instance" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Migration_backupId_fkey" FOREIGN KEY ("backupId") REFERENCES "Backup" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "Migration_workerId_fkey" FOREIGN KEY ("workerId") REFERENCES "Worker" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "StatusLink" (
    "instanceId" TEXT NOT NULL PRIMARY KEY,
    "tokenHash" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "StatusLink_instanceId_fkey" FOREIGN KEY ("instanceId") REFERENCES "Instance" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Source" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "instanceId" TEXT NOT NULL,
    "workerId" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "secrets" TEXT,
    "sizeBytes" BIGINT,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Source_instanceId_fkey" FOREIGN KEY ("instanceId") REFERENCES "Instance" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "Source_workerId_fkey" FOREIGN KEY ("workerId") REFERENCES "Worker" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Remote" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "backend" TEXT NOT NULL,
    "options" JSONB NOT NULL,
    "secrets" TEXT,
    "baseFolder" TEXT NOT NULL,
    "crypt" JSONB,
    "limits" JSONB,
    "deletesForEver" BOOLEAN NOT NULL DEFAULT false,
    "keeper" TEXT,
    "connectionId" TEXT,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Remote_connectionId_fkey" FOREIGN KEY ("connectionId") REFERENCES "Connection" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Connection" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'entered',
    "clientId" TEXT,
    "settings" JSONB NOT NULL,
    "secrets" TEXT,
    "tokens" TEXT,
    "tokenVersion" INTEGER NOT NULL DEFAULT 0,
    "tokenAt" DATETIME,
    "tokenBootId" TEXT,
    "tokenSteadySeconds" REAL,
    "tokenLifetimeSeconds" INTEGER,
    "replaceVersion" INTEGER,
    "refreshOwner" TEXT,
    "refreshBootId" TEXT,
    "refreshUntilSeconds" REAL,
    "account" JSONB,
    "connectedAt" DATETIME,
    "refreshedAt" DATETIME,
    "diesAt" DATETIME,
    "problem" JSONB,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- CreateTable
CREATE TABLE "RoomSample" (
    "connectionId" TEXT NOT NULL,
    "day" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "usedBytes" BIGINT NOT NULL,
    "quotaBytes" BIGINT NOT NULL,

    PRIMARY KEY ("connectionId", "day"),
    CONSTRAINT "RoomSample_connectionId_fkey" FOREIGN KEY ("connectionId") REFERENCES "Connection" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ConnectAttempt" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "connectionId" TEXT NOT NULL,
    "sessionId" TEXT NOT NULL,
    "stateHash" TEXT NOT NULL,
    "redirectAddress" TEXT NOT NULL,
    "verifier" TEXT,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" DATETIME NOT NULL,
    "usedAt" DATETIME,
    "problem" JSONB,
    CONSTRAINT "ConnectAttempt_connectionId_fkey" FOREIGN KEY ("connectionId") REFERENCES "Connection" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "AccessLease" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "connectionId" TEXT NOT NULL,
    "workerId" TEXT NOT NULL,
    "runName" TEXT NOT NULL,
    "runId" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "secretSha256" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "usedAt" DATETIME,
    "tokenVersion" INTEGER,
    CONSTRAINT "AccessLease_connectionId_fkey" FOREIGN KEY ("connectionId") REFERENCES "Connection" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "AccessLease_workerId_fkey" FOREIGN KEY ("workerId") REFERENCES "Worker" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Plan" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "instanceId" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "cron" TEXT NOT NULL,
    "timeZone" TEXT NOT NULL,
    "paused" BOOLEAN NOT NULL DEFAULT false,
    "partBytes" BIGINT NOT NULL DEFAULT 536870912,
    "partCheck" TEXT NOT NULL DEFAULT 'hash',
    "zstdLevel" INTEGER NOT NULL DEFAULT 3,
    "durationLimitSeconds" INTEGER NOT NULL DEFAULT 43200,
    "stallLimitSeconds" INTEGER NOT NULL DEFAULT 1800,
    "graceSeconds" INTEGER NOT NULL DEFAULT 3600,
    "bytesPerSecond" INTEGER,
    "readBackEveryDays" INTEGER,
    "drillEveryDays" INTEGER,
    "startWindowMinutes" INTEGER,
    "spreadMinutes" INTEGER NOT NULL DEFAULT 0,
    "blackouts" JSONB NOT NULL DEFAULT [],
    "scheduledFrom" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "heldReason" TEXT,
    "heldAt" DATETIME,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Plan_instanceId_fkey" FOREIGN KEY ("instanceId") REFERENCES "Instance" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "PlanSource" (
    "planId" TEXT NOT NULL,
    "sourceId" TEXT NOT NULL,

    PRIMARY KEY ("planId", "sourceId"),
    CONSTRAINT "PlanSource_planId_fkey" FOREIGN KEY ("planId") REFERENCES "Plan" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "PlanSource_sourceId_fkey" FOREIGN KEY ("sourceId") REFERENCES "Source" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "PlanTarget" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "planId" TEXT NOT NULL,
    "remoteId" TEXT NOT NULL,
    "position" INTEGER NOT NULL DEFAULT 0,
    "addedAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "copiesFrom" INTEGER,
    "keepLast" INTEGER NOT NULL DEFAULT 0,
    "keepDays" INTEGER NOT NULL DEFAULT 0,
    "keepDaily" INTEGER NOT NULL DEFAULT 0,
    "keepWeekly" INTEGER NOT NULL DEFAULT 0,
    "keepMonthly" INTEGER NOT NULL DEFAULT 0,
    "keepYearly" INTEGER NOT NULL DEFAULT 0,
    "keepAtLeast" INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT "PlanTarget_planId_fkey" FOREIGN KEY ("planId") REFERENCES "Plan" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "PlanTarget_remoteId_fkey" FOREIGN KEY ("remoteId") REFERENCES "Remote" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Backup" (
    "sequence" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "id" TEXT NOT NULL,
    "instanceId" TEXT NOT NULL,
    "planId" TEXT,
    "planSlug" TEXT NOT NULL,
    "origin" TEXT NOT NULL DEFAULT 'own',
    "workerId" TEXT,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "plannedAt" DATETIME,
    "requestedAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "requestedById" TEXT,
    "note" TEXT,
    "sourceIds" JSONB,
    "startedAt" DATETIME,
    "finishedAt" DATETIME,
    "cancelRequestedAt" DATETIME,
    "throughput" JSONB,
    "problem" JSONB,
    "folder" TEXT,
    "goAt" DATETIME,
    "manifestSha256" TEXT,
    "manifestBytes" INTEGER,
    "bytes" BIGINT NOT NULL DEFAULT 0,
    "rawBytes" BIGINT NOT NULL DEFAULT 0,
    "warningCount" INTEGER NOT NULL DEFAULT 0,
    "summary" JSONB,
    "pinnedAt" DATETIME,
    "pinReason" TEXT,
    "pinnedUntil" DATETIME,
    CONSTRAINT "Backup_instanceId_fkey" FOREIGN KEY ("instanceId") REFERENCES "Instance" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "Backup_planId_fkey" FOREIGN KEY ("planId") REFERENCES "Plan" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT "Backup_workerId_fkey" FOREIGN KEY ("workerId") REFERENCES "Worker" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "BackupTask" (
    "backupId" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "workerId" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "startedAt" DATETIME,
    "finishedAt" DATETIME,
    "lastSeenAt" DATETIME,
    "lastEventSequence" INTEGER NOT NULL DEFAULT 0,
    "phase" TEXT,
    "progress" JSONB,
    "contribution" JSONB,

    PRIMARY KEY ("backupId", "attempt"),
    CONSTRAINT "BackupTask_backupId_fkey" FOREIGN KEY ("backupId") REFERENCES "Backup" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "BackupTask_workerId_fkey" FOREIGN KEY ("workerId") REFERENCES "Worker" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "BackupPhase" (
    "backupId" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "phase" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "startedAt" DATETIME NOT NULL,
    "finishedAt" DATETIME,

    PRIMARY KEY ("backupId", "attempt", "phase"),
    CONSTRAINT "BackupPhase_backupId_fkey" FOREIGN KEY ("backupId") REFERENCES "Backup" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "BackupWarning" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "backupId" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "source" TEXT,
    "where" TEXT,
    CONSTRAINT "BackupWarning_backupId_fkey" FOREIGN KEY ("backupId") REFERENCES "Backup" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Copy" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "backupId" TEXT NOT NULL,
    "remoteId" TEXT NOT NULL,
    "presence" TEXT NOT NULL DEFAULT 'absent',
    "verification" TEXT NOT NULL DEFAULT 'none',
    "verifiedAt" DATETIME,
    "faults" JSONB,
    "faultsBy" TEXT,
    CONSTRAINT "Copy_backupId_fkey" FOREIGN KEY ("backupId") REFERENCES "Backup" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Copy_remoteId_fkey" FOREIGN KEY ("remoteId") REFERENCES "Remote" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Artifact" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "backupId" TEXT NOT NULL,
    "workerId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL DEFAULT 0,
    "rawBytes" BIGINT NOT NULL DEFAULT 0,
    "entries" INTEGER,
    "documents" INTEGER,
    "complete" BOOLEAN NOT NULL DEFAULT false,
    CONSTRAINT "Artifact_backupId_fkey" FOREIGN KEY ("backupId") REFERENCES "Backup" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Artifact_workerId_fkey" FOREIGN KEY ("workerId") REFERENCES "Worker" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Part" (
    "artifactId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "bytes" BIGINT NOT NULL,
    "rawBytes" BIGINT NOT NULL,
    "sha256" TEXT NOT NULL,
    "checked" TEXT NOT NULL,
    "remoteHash" TEXT,

    PRIMARY KEY ("artifactId", "number"),
    CONSTRAINT "Part_artifactId_fkey" FOREIGN KEY ("artifactId") REFERENCES "Artifact" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "FixUpProfile" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "instanceId" TEXT NOT NULL,
    "fixUps" JSONB NOT NULL,
    "secrets" TEXT,
    "updatedAt" DATETIME NOT NULL,
    CONSTRAINT "FixUpProfile_instanceId_fkey" FOREIGN KEY ("instanceId") REFERENCES "Instance" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Refresh" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "instanceId" TEXT NOT NULL,
    "planId" TEXT,
    "cron" TEXT NOT NULL,
    "timeZone" TEXT NOT NULL,
    "paused" BOOLEAN NOT NULL DEFAULT false,
    "scheduledFrom" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "wantedAt" DATETIME,
    "request" JSONB NOT NULL,
    "accepted" JSONB NOT NULL,
    "createdById" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "problem" JSONB,
    CONSTRAINT "Refresh_instanceId_fkey" FOREIGN KEY ("instanceId") REFERENCES "Instance" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Refresh_planId_fkey" FOREIGN KEY ("planId") REFERENCES "Plan" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Restore" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "instanceId" TEXT NOT NULL,
    "backupId" TEXT,
    "olderFile" JSONB,
    "remoteId" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "requestedAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "requestedById" TEXT,
    "reason" TEXT,
    "artifacts" JSONB,
    "selection" JSONB,
    "check" JSONB,
    "startedAt" DATETIME,
    "finishedAt" DATETIME,
    "cancelRequestedAt" DATETIME,
    "problem" JSONB,
    "fixUps" JSONB,
    "fixUpSecrets" TEXT,
    "refreshId" TEXT,
    "plannedAt" DATETIME,
    CONSTRAINT "Restore_instanceId_fkey" FOREIGN KEY ("instanceId") REFERENCES "Instance" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "Restore_backupId_fkey" FOREIGN KEY ("backupId") REFERENCES "Backup" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "Restore_refreshId_fkey" FOREIGN KEY ("refreshId") REFERENCES "Refresh" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "RestoreCheck" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "request" JSONB NOT NULL,
    "lines" JSONB NOT NULL,
    "preview" JSONB,
    "requestedById" TEXT,
    "madeAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- CreateTable
CREATE TABLE "RestoreTask" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "restoreId" TEXT NOT NULL,
    "workerId" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "target" JSONB NOT NULL,
    "lastSeenAt" DATETIME,
    "lastEventSequence" INTEGER NOT NULL DEFAULT 0,
    "phase" TEXT,
    "progress" JSONB,
    "problem" JSONB,
    "comparison" JSONB,
    "fixUpResults" JSONB,
    "reconciliation" JSONB,
    "fetchedFiles" INTEGER,
    "fetchedBytes" BIGINT,
    "startedAt" DATETIME,
    "finishedAt" DATETIME,
    "exchange" JSONB,
    "discardState" TEXT,
    "discardAttempt" INTEGER NOT NULL DEFAULT 0,
    "discardSequence" INTEGER NOT NULL DEFAULT 0,
    "discardProblem" JSONB,
    "dropAt" DATETIME,
    CONSTRAINT "RestoreTask_restoreId_fkey" FOREIGN KEY ("restoreId") REFERENCES "Restore" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "RestoreTask_workerId_fkey" FOREIGN KEY ("workerId") REFERENCES "Worker" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Prune" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "instanceId" TEXT NOT NULL,
    "workerId" TEXT NOT NULL,
    "remoteId" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "requestedAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" DATETIME,
    "finishedAt" DATETIME,
    "lastSeenAt" DATETIME,
    "lastEventSequence" INTEGER NOT NULL DEFAULT 0,
    "countedUpTo" INTEGER NOT NULL DEFAULT 0,
    "problem" JSONB,
    CONSTRAINT "Prune_instanceId_fkey" FOREIGN KEY ("instanceId") REFERENCES "Instance" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "Prune_workerId_fkey" FOREIGN KEY ("workerId") REFERENCES "Worker" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "Prune_remoteId_fkey" FOREIGN KEY ("remoteId") REFERENCES "Remote" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "PruneItem" (
    "pruneId" TEXT NOT NULL,
    "backupId" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "lastGood" BOOLEAN NOT NULL DEFAULT false,
    "done" BOOLEAN NOT NULL DEFAULT false,
    "problem" JSONB,

    PRIMARY KEY ("pruneId", "backupId"),
    CONSTRAINT "PruneItem_pruneId_fkey" FOREIGN KEY ("pruneId") REFERENCES "Prune" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "PruneItem_backupId_fkey" FOREIGN KEY ("backupId") REFERENCES "Backup" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Inspection" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "instanceId" TEXT NOT NULL,
    "workerId" TEXT NOT NULL,
    "remoteId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "backupId" TEXT,
    "folders" JSONB,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "requestedAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "requestedById" TEXT,
    "startedAt" DATETIME,
    "finishedAt" DATETIME,
    "lastSeenAt" DATETIME,
    "cancelRequestedAt" DATETIME,
    "lastEventSequence" INTEGER NOT NULL DEFAULT 0,
    "progress" JSONB,
    "problem" JSONB,
    "judged" INTEGER NOT NULL DEFAULT 0,
    "damaged" INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT "Inspection_instanceId_fkey" FOREIGN KEY ("instanceId") REFERENCES "Instance" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Inspection_workerId_fkey" FOREIGN KEY ("workerId") REFERENCES "Worker" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Inspection_remoteId_fkey" FOREIGN KEY ("remoteId") REFERENCES "Remote" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Inspection_backupId_fkey" FOREIGN KEY ("backupId") REFERENCES "Backup" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Replication" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "instanceId" TEXT NOT NULL,
    "workerId" TEXT NOT NULL,
    "backupId" TEXT NOT NULL,
    "fromRemoteId" TEXT NOT NULL,
    "toRemoteId" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "requestedAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "requestedById" TEXT,
    "startedAt" DATETIME,
    "finishedAt" DATETIME,
    "lastSeenAt" DATETIME,
    "cancelRequestedAt" DATETIME,
    "lastEventSequence" INTEGER NOT NULL DEFAULT 0,
    "goAt" DATETIME,
    "progress" JSONB,
    "problem" JSONB,
    CONSTRAINT "Replication_instanceId_fkey" FOREIGN KEY ("instanceId") REFERENCES "Instance" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Replication_workerId_fkey" FOREIGN KEY ("workerId") REFERENCES "Worker" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Replication_backupId_fkey" FOREIGN KEY ("backupId") REFERENCES "Backup" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Replication_fromRemoteId_fkey" FOREIGN KEY ("fromRemoteId") REFERENCES "Remote" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Replication_toRemoteId_fkey" FOREIGN KEY ("toRemoteId") REFERENCES "Remote" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Stranger" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "inspectionId" TEXT NOT NULL,
    "folder" TEXT NOT NULL,
    "files" INTEGER NOT NULL,
    "bytes" BIGINT NOT NULL,
    "manifest" JSONB,
    "older" JSONB,
    CONSTRAINT "Stranger_inspectionId_fkey" FOREIGN KEY ("inspectionId") REFERENCES "Inspection" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Ask" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workerId" TEXT NOT NULL,
    "question" TEXT NOT NULL,
    "spec" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "answer" JSONB,
    "problem" JSONB,
    "askedAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "answeredAt" DATETIME,
    CONSTRAINT "Ask_workerId_fkey" FOREIGN KEY ("workerId") REFERENCES "Worker" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Lock" (
    "instanceId" TEXT NOT NULL PRIMARY KEY,
    "ownerKind" TEXT NOT NULL,
    "ownerId" TEXT NOT NULL,
    "takenAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Lock_instanceId_fkey" FOREIGN KEY ("instanceId") REFERENCES "Instance" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "User" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "passwordHash" TEXT NOT NULL,
    "role" TEXT NOT NULL DEFAULT 'viewer',
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "disabledAt" DATETIME
);

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "userId" TEXT NOT NULL,
    "ticketHash" TEXT,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastSeenAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" DATETIME NOT NULL,
    "revokedAt" DATETIME,
    "address" TEXT,
    "userAgent" TEXT,
    CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "SignInLink" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "tokenHash" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" DATETIME NOT NULL,
    "usedAt" DATETIME
);

-- CreateTable
CREATE TABLE "SignInThrottle" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "lastFailedAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "blockedUntil" DATETIME
);

-- CreateTable
CREATE TABLE "AuditEvent" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "at" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actorKind" TEXT NOT NULL,
    "actorId" TEXT,
    "actorName" TEXT,
    "action" TEXT NOT NULL,
    "subjectKind" TEXT NOT NULL,
    "subjectId" TEXT NOT NULL,
    "instanceId" TEXT,
    "detail" JSONB
);

-- CreateTable
CREATE TABLE "SigningKey" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "publicKey" TEXT NOT NULL,
    "privateKey" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "retiredAt" DATETIME
);

-- CreateTable
CREATE TABLE "RecoveryKit" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "madeAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "madeById" TEXT,
    "signingKeyIds" JSONB NOT NULL,
    "instanceIds" JSONB NOT NULL
);

-- CreateTable
CREATE TABLE "ProcessLife" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "upSince" DATETIME NOT NULL,
    "lastSeenAt" DATETIME NOT NULL,
    "redisAwaySince" DATETIME
);

-- CreateTable
CREATE TABLE "Incident" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "openKey" TEXT,
    "severity" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "meaning" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "href" TEXT NOT NULL,
    "openedAt" DATETIME NOT NULL,
    "changedAt" DATETIME NOT NULL,
    "closedAt" DATETIME,
    "ending" TEXT,
    "returns" INTEGER NOT NULL DEFAULT 0,
    "clearSince" DATETIME,
    "remindedAt" DATETIME,
    "reminders" INTEGER NOT NULL DEFAULT 0,
    "acknowledgedAt" DATETIME,
    "acknowledgedBy" TEXT,
    "acknowledgement" TEXT,
    "quietUntil" DATETIME
);

-- CreateTable
CREATE TABLE "IncidentInstance" (
    "incidentId" TEXT NOT NULL,
    "instanceId" TEXT NOT NULL,

    PRIMARY KEY ("incidentId", "instanceId"),
    CONSTRAINT "IncidentInstance_incidentId_fkey" FOREIGN KEY ("incidentId") REFERENCES "Incident" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "IncidentInstance_instanceId_fkey" FOREIGN KEY ("instanceId") REFERENCES "Instance" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Channel" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "secrets" TEXT,
    "paused" BOOLEAN NOT NULL DEFAULT false,
    "severity" TEXT NOT NULL DEFAULT 'warning',
    "environments" JSONB NOT NULL,
    "instanceIds" JSONB NOT NULL,
    "kinds" JSONB NOT NULL,
    "timeZone" TEXT NOT NULL DEFAULT 'UTC',
    "quietFrom" TEXT,
    "quietUntil" TEXT,
    "digest" TEXT NOT NULL DEFAULT 'never',
    "digestHour" INTEGER NOT NULL DEFAULT 8,
    "failingSince" DATETIME,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- CreateTable
CREATE TABLE "Ping" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "planId" TEXT,
    "url" TEXT NOT NULL,
    "place" TEXT NOT NULL,
    "told" TEXT,
    "toldAt" DATETIME,
    "attemptedAt" DATETIME,
    "answer" TEXT,
    "failingSince" DATETIME,
    "failures" INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT "Ping_planId_fkey" FOREIGN KEY ("planId") REFERENCES "Plan" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "PingAttempt" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "pingId" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "path" TEXT NOT NULL,
    "isTaken" BOOLEAN NOT NULL,
    "answer" TEXT NOT NULL,
    CONSTRAINT "PingAttempt_pingId_fkey" FOREIGN KEY ("pingId") REFERENCES "Ping" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Delivery" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "channelId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "content" JSONB NOT NULL,
    "isUrgent" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "notBefore" DATETIME NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "attemptedAt" DATETIME,
    "nextAttemptAt" DATETIME,
    "sentAt" DATETIME,
    "answer" TEXT,
    "digestOf" TEXT,
    CONSTRAINT "Delivery_channelId_fkey" FOREIGN KEY ("channelId") REFERENCES "Channel" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE UNIQUE INDEX "Instance_slug_key" ON "Instance"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "Worker_keySha256_key" ON "Worker"("keySha256");

-- CreateIndex
CREATE UNIQUE INDEX "Worker_redisPrefix_key" ON "Worker"("redisPrefix");

-- CreateIndex
CREATE UNIQUE INDEX "Worker_instanceId_slug_key" ON "Worker"("instanceId", "slug");

-- CreateIndex
CREATE UNIQUE INDEX "Enrolment_tokenHash_key" ON "Enrolment"("tokenHash");

-- CreateIndex
CREATE UNIQUE INDEX "Migration_restoreId_key" ON "Migration"("restoreId");

-- CreateIndex
CREATE UNIQUE INDEX "StatusLink_tokenHash_key" ON "StatusLink"("tokenHash");

-- CreateIndex
CREATE UNIQUE INDEX "Source_instanceId_slug_key" ON "Source"("instanceId", "slug");

-- CreateIndex
CREATE UNIQUE INDEX "Remote_slug_key" ON "Remote"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "Connection_slug_key" ON "Connection"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "ConnectAttempt_stateHash_key" ON "ConnectAttempt"("stateHash");

-- CreateIndex
CREATE UNIQUE INDEX "AccessLease_secretSha256_key" ON "AccessLease"("secretSha256");

-- CreateIndex
CREATE INDEX "AccessLease_connectionId_idx" ON "AccessLease"("connectionId");

-- CreateIndex
CREATE INDEX "AccessLease_runId_idx" ON "AccessLease"("runId");

-- CreateIndex
CREATE UNIQUE INDEX "Plan_instanceId_slug_key" ON "Plan"("instanceId", "slug");

-- CreateIndex
CREATE UNIQUE INDEX "PlanTarget_planId_remoteId_key" ON "PlanTarget"("planId", "remoteId");

-- CreateIndex
CREATE UNIQUE INDEX "Backup_id_key" ON "Backup"("id");

-- CreateIndex
CREATE INDEX "Backup_instanceId_sequence_idx" ON "Backup"("instanceId", "sequence");

-- CreateIndex
CREATE INDEX "Backup_planId_sequence_idx" ON "Backup"("planId", "sequence");

-- CreateIndex
CREATE INDEX "Backup_state_planId_idx" ON "Backup"("state", "planId");

-- CreateIndex
CREATE INDEX "Backup_list_idx" ON "Backup"("requestedAt", "instanceId", "state", "planSlug", "pinnedAt", "pinnedUntil", "bytes", "startedAt", "finishedAt", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Backup_planId_plannedAt_key" ON "Backup"("planId", "plannedAt");

-- CreateIndex
CREATE INDEX "BackupTask_state_idx" ON "BackupTask"("state");

-- CreateIndex
CREATE UNIQUE INDEX "BackupTask_backupId_workerId_key" ON "BackupTask"("backupId", "workerId");

-- CreateIndex
CREATE INDEX "BackupWarning_backupId_idx" ON "BackupWarning"("backupId");

-- CreateIndex
CREATE INDEX "Copy_presence_backupId_verification_idx" ON "Copy"("presence", "backupId", "verification");

-- CreateIndex
CREATE INDEX "Copy_verification_backupId_idx" ON "Copy"("verification", "backupId");

-- CreateIndex
CREATE UNIQUE INDEX "Copy_backupId_remoteId_key" ON "Copy"("backupId", "remoteId");

-- CreateIndex
CREATE UNIQUE INDEX "Artifact_backupId_name_key" ON "Artifact"("backupId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "FixUpProfile_instanceId_key" ON "FixUpProfile"("instanceId");

-- CreateIndex
CREATE UNIQUE INDEX "Refresh_instanceId_key" ON "Refresh"("instanceId");

-- CreateIndex
CREATE UNIQUE INDEX "Restore_refreshId_plannedAt_key" ON "Restore"("refreshId", "plannedAt");

-- CreateIndex
CREATE UNIQUE INDEX "RestoreTask_restoreId_workerId_key" ON "RestoreTask"("restoreId", "workerId");

-- CreateIndex
CREATE INDEX "PruneItem_backupId_idx" ON "PruneItem"("backupId");

-- CreateIndex
CREATE INDEX "Inspection_instanceId_remoteId_requestedAt_idx" ON "Inspection"("instanceId", "remoteId", "requestedAt");

-- CreateIndex
CREATE INDEX "Inspection_state_idx" ON "Inspection"("state");

-- CreateIndex
CREATE INDEX "Replication_backupId_toRemoteId_requestedAt_idx" ON "Replication"("backupId", "toRemoteId", "requestedAt");

-- CreateIndex
CREATE INDEX "Replication_state_idx" ON "Replication"("state");

-- CreateIndex
CREATE UNIQUE INDEX "Stranger_inspectionId_folder_key" ON "Stranger"("inspectionId", "folder");

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");

-- CreateIndex
CREATE UNIQUE INDEX "Session_ticketHash_key" ON "Session"("ticketHash");

-- CreateIndex
CREATE UNIQUE INDEX "SignInLink_tokenHash_key" ON "SignInLink"("tokenHash");

-- CreateIndex
CREATE INDEX "AuditEvent_instanceId_at_idx" ON "AuditEvent"("instanceId", "at");

-- CreateIndex
CREATE INDEX "AuditEvent_subjectId_idx" ON "AuditEvent"("subjectId");

-- CreateIndex
CREATE UNIQUE INDEX "Incident_openKey_key" ON "Incident"("openKey");

-- CreateIndex
CREATE INDEX "Incident_closedAt_openedAt_idx" ON "Incident"("closedAt", "openedAt");

-- CreateIndex
CREATE INDEX "Incident_kind_subject_closedAt_idx" ON "Incident"("kind", "subject", "closedAt");

-- CreateIndex
CREATE INDEX "IncidentInstance_instanceId_idx" ON "IncidentInstance"("instanceId");

-- CreateIndex
CREATE UNIQUE INDEX "Channel_name_key" ON "Channel"("name");

-- CreateIndex
CREATE UNIQUE INDEX "Ping_planId_key" ON "Ping"("planId");

-- CreateIndex
CREATE INDEX "PingAttempt_pingId_id_idx" ON "PingAttempt"("pingId", "id");

-- CreateIndex
CREATE INDEX "Delivery_state_channelId_idx" ON "Delivery"("state", "channelId");

-- CreateIndex
CREATE INDEX "Delivery_channelId_createdAt_idx" ON "Delivery"("channelId", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "Delivery_channelId_digestOf_key" ON "Delivery"("channelId", "digestOf");


