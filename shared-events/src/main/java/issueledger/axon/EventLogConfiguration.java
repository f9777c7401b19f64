package issueledger.axon;

import issueledger.http.StartupFailure;
import issueledger.log.EventLog;
import issueledger.log.sqlite.SqliteEventLog;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Opens the log that the configuration names, for both services alike. Upcasters are beans, in the order of their revisions. */
@Configuration(proxyBeanMethods = false)
public class EventLogConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    EventLog eventLog(
            @Value("${issue-ledger.data-dir}") Path dataDirectory,
            @Value("${issue-ledger.mongodb-uri}") String mongodbUri,
            Clock clock) {
        if (!mongodbUri.isEmpty()) {
            throw new StartupFailure(
                    "ISSUE_LEDGER_MONGODB_URI is set, but this version keeps its log in a file only:" + " unset it.");
        }
        return SqliteEventLog.open(dataDirectory.resolve("events.db"), clock);
    }

    /** Not ready while the log cannot be read or written: whoever sends commands or reads histories elsewhere fares better. */
    @Bean
    HealthIndicator logHealthIndicator(EventLog log) {
        return () -> log.trouble()
                .map(why -> Health.outOfService().withDetail("trouble", why).build())
                .orElseGet(() -> Health.up().build());
    }

    @Bean
    EventReader eventReader(List<EventUpcaster> upcasters) {
        return new EventReader(upcasters);
    }
}
