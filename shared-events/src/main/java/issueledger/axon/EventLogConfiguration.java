package issueledger.axon;

import issueledger.log.EventLog;
import issueledger.log.mongo.MongoDeployment;
import issueledger.log.sqlite.SqliteEventLog;
import issueledger.startup.Settings;
import java.time.Clock;
import java.util.List;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Opens the log that the configuration names, and puts it under Axon, for both services alike. Upcasters are beans, in the order of their revisions. */
@Configuration(proxyBeanMethods = false)
public class EventLogConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    EventLog eventLog(Settings settings, ObjectProvider<MongoDeployment> mongo, Clock clock) {
        MongoDeployment deployment = mongo.getIfAvailable();
        return deployment == null
                ? SqliteEventLog.open(settings.dataDirectory().resolve("events.db"), clock)
                : deployment.log(clock);
    }

    /** Where the log and the views live if a connection string is given; then nothing embedded is used. */
    @Bean
    @Conditional(OnMongo.class)
    MongoDeployment mongoDeployment(Settings settings) {
        return MongoDeployment.open(settings.mongodbUri());
    }

    /** Out of service while the log cannot be read or written, so that load balancers choose another instance. */
    @Bean
    HealthIndicator logHealthIndicator(EventLog log) {
        return () -> log.trouble()
                .map(why -> Health.outOfService().withDetail("trouble", why).build())
                .orElseGet(() -> Health.up().build());
    }

    @Bean
    EventLogStorageEngine eventStorageEngine(EventLog log, List<EventUpcaster> upcasters) {
        EventLogStorageEngine.Builder builder = EventLogStorageEngine.builder(log);
        builder.upcasterChain(new EventUpcasterChain(upcasters));
        return builder.build();
    }

    @Bean
    EventReader eventReader(List<EventUpcaster> upcasters) {
        return new EventReader(upcasters);
    }

    /** Whether a connection string is given. */
    static final class OnMongo implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !context.getEnvironment()
                    .getProperty("issue-ledger.mongodb-uri", "")
                    .isEmpty();
        }
    }
}
