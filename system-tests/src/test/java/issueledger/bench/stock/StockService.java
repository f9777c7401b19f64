package issueledger.bench.stock;

import java.util.Map;
import org.axonframework.eventsourcing.eventstore.jdbc.HsqlEventTableFactory;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Starts with two arguments, the port and the JDBC URL; what is not set here is as Spring Boot and Axon set it. */
@SpringBootApplication
public class StockService {

    public static void main(String[] args) {
        System.setProperty("axoniq.update-checker.disabled", "true");
        System.setProperty("disable-axoniq-console-message", "true");
        SpringApplication application = new SpringApplication(StockService.class);
        application.setDefaultProperties(Map.of(
                "server.address", "127.0.0.1",
                "server.port", args[0],
                "spring.datasource.url", args[1],
                "axon.serializer.general", "jackson3",
                "axon.serializer.events", "jackson3",
                "axon.serializer.messages", "jackson3",
                "axon.update-check.disabled", "true"));
        application.run();
    }

    @Bean
    ApplicationRunner schema(JdbcEventStorageEngine engine) {
        return arguments -> engine.createSchema(HsqlEventTableFactory.INSTANCE);
    }
}
